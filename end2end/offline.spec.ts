// The connection for events is lost while everything else works: one is told, reads and writes on, and afterwards
// nothing is missing and nothing is there twice.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("without the socket one reads and writes on; with it nothing is missing or doubled", async ({ ann, bob, api, room }) => {
  const page = await ann.open("about:blank");
  let cut = false;
  const open = new Set<{ close: () => Promise<void> }>();
  await page.routeWebSocket(/websocket/, (socket) => {
    if (cut) return void socket.close();
    const server = socket.connectToServer();
    open.add({ close: async () => { await server.close(); await socket.close(); } });
  });
  await page.goto(ann.address(room));
  await alive(page);
  const post = (text: string) => page.getByRole("article").filter({ hasText: text });
  await api.post(bob.user, room, "Before the loss");
  await expect(post("Before the loss")).toHaveCount(1);

  cut = true;
  for (const socket of open) await socket.close();
  await expect(page.getByText("Confab unreachable")).toBeVisible();
  await expect(page.getByText("You can go on reading and writing")).toBeVisible();
  await axe(page);
  const composer = page.getByRole("textbox", { name: /message/i }).first();
  await composer.fill("Written without the socket");
  await composer.press("Enter");
  await expect(post("Written without the socket")).toHaveCount(1);
  await expect(post("Written without the socket")).not.toHaveAttribute("data-state", "pending");
  await api.post(bob.user, room, "Said meanwhile");

  cut = false;
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByText("Confab unreachable")).toBeHidden({ timeout: 40_000 });
  await expect(post("Said meanwhile")).toHaveCount(1);
  await api.post(bob.user, room, "After the loss");
  await expect(post("After the loss")).toHaveCount(1);
  for (const text of ["Before the loss", "Written without the socket", "Said meanwhile"]) await expect(post(text)).toHaveCount(1);
});

test("a connection that is just ending is not written to, and the next one is", async ({ ann, bob, api, room }) => {
  const page = await ann.open("about:blank");
  await page.addInitScript(() => {
    const sockets: WebSocket[] = [];
    Object.assign(window, { sockets });
    window.WebSocket = class extends WebSocket {
      constructor(...from: ConstructorParameters<typeof WebSocket>) {
        super(...from);
        sockets.push(this);
      }
    };
  });
  await page.goto(ann.address(room));
  await alive(page);
  const composer = page.getByRole("textbox", { name: /^Message/ });
  await composer.click();
  // Its end is told of only after what is typed in the same moment; what the browser says of it fails the test.
  const states = await page.evaluate(async () => {
    const { sockets } = window as unknown as { sockets: WebSocket[] };
    const states = () => sockets.map(({ readyState }) => readyState);
    const open = states();
    sockets.forEach((socket) => socket.close());
    const box = document.activeElement as HTMLTextAreaElement;
    box.value = "Begun, and ended";
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    return [open, states()];
  });
  expect(states).toEqual([[1], [2]]);
  await api.post(bob.user, room, "Said on the next one");
  await expect(page.getByRole("article").filter({ hasText: "Said on the next one" })).toHaveCount(1);
  await expect(composer).toHaveValue("Begun, and ended");
});
