// Slash commands, and what other programs show and ask: attachments, buttons, menus, dialogs.

import { createServer, type IncomingMessage, type Server as Http } from "node:http";
import type { AddressInfo } from "node:net";
import { alive, axe, expect, test, unique } from "./support/fixtures.ts";

/** A program on this machine: answers each path with what `answer` makes of the request's body. */
async function program(answer: (path: string, body: string) => unknown): Promise<{ url: string; close: () => void }> {
  const text = async (request: IncomingMessage) => {
    let all = "";
    for await (const chunk of request) all += chunk;
    return all;
  };
  const http: Http = createServer((request, response) => {
    void text(request).then((body) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer(request.url ?? "", body)));
    });
  });
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, close: () => http.close() };
}

const allowed = { ServiceSettings: { AllowedUntrustedInternalConnections: "127.0.0.1" } };

test("commands are completed, given, and refused with the reason", async ({ ann, room }) => {
  const page = await ann.open(room);
  await alive(page);
  const box = page.getByRole("textbox", { name: /^Message/ });
  await box.pressSequentially("/shr");
  const option = page.getByRole("option", { name: /\/shrug/ });
  await expect(option).toBeVisible();
  await axe(page);
  await box.press("Enter");
  await expect(box).toHaveValue("/shrug ");
  await box.pressSequentially("who knows");
  await box.press("Enter");
  await expect(page.getByRole("article").filter({ hasText: "who knows ¯\\_(ツ)_/¯" })).toHaveCount(1);
  await expect(box).toHaveValue("");

  // What is written out is given at once.
  await box.pressSequentially("/away");
  await expect(page.getByRole("option", { name: /\/away/ })).toBeVisible();
  await box.press("Enter");
  await expect(page.getByRole("article").filter({ hasText: "You are shown as away." })).toContainText("Only you see this");

  await box.fill("/nonsense at all");
  await box.press("Enter");
  await expect(page.locator(".composer").getByRole("alert")).toContainText("There is no such command");
  await expect(box).toHaveValue("/nonsense at all");
  await axe(page);
  await box.pressSequentially("!");
  await expect(page.locator(".composer").getByRole("alert")).toHaveCount(0);
});

test("a command leads somewhere", async ({ ann, api, admin, room, team }) => {
  const name = unique("deck");
  await api.channel(admin, team, name, "O", "Upper Deck");
  const page = await ann.open(room);
  await alive(page);
  const box = page.getByRole("textbox", { name: /^Message/ });
  await box.fill(`/join ~${name}`);
  await box.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/channels/${name}$`));
  await expect(page.locator(".channel-name")).toContainText("Upper Deck");
});

test("a program shows cards whose buttons and menus call it", async ({ ann, bob, api, admin, room, team }) => {
  await api.call("PUT", "/config/patch", admin.token, allowed);
  const asked: { path: string; body: string }[] = [];
  const robot = await program((path, body) => {
    asked.push({ path, body });
    if (path === "/ship") return { update: { message: "Shipped", props: { attachments: [] } }, ephemeral_text: "Well done" };
    if (path === "/where") return { ephemeral_text: "Noted" };
    const context = { secret: "42" };
    return {
      response_type: "in_channel",
      text: "Ready",
      attachments: [
        {
          color: "#2a9d5c",
          pretext: "A new *release*",
          title: "Release 7",
          title_link: "https://example.com/7",
          text: "All checks **passed**.",
          fields: [
            { title: "Size", value: "12 MB", short: true },
            { title: "Tests", value: "`2000`", short: true },
          ],
          footer: "builder",
          actions: [
            { id: "ship", name: "Ship it", style: "primary", integration: { url: `${robot.url}/ship`, context } },
            {
              id: "where",
              name: "Where to",
              type: "select",
              options: [
                { text: "Staging", value: "stage" },
                { text: "Production", value: "prod" },
              ],
              integration: { url: `${robot.url}/where` },
            },
          ],
        },
      ],
    };
  });
  const trigger = unique("release");
  await api.call("POST", "/commands", admin.token, { team_id: team.id, trigger, method: "P", url: `${robot.url}/command` });
  const [page, his] = [await ann.open(room), await bob.open(room)];
  await Promise.all([alive(page), alive(his)]);
  const box = page.getByRole("textbox", { name: /^Message/ });
  await box.fill(`/${trigger} seven`);
  await box.press("Enter");
  const card = his.locator(".card");
  await expect(card).toContainText("All checks passed.");
  await expect(card.getByRole("link", { name: "Release 7" })).toHaveAttribute("href", "https://example.com/7");
  await expect(card).toContainText("12 MB");
  await axe(his);
  await card.getByRole("combobox", { name: "Where to" }).selectOption("prod");
  await expect(his.getByRole("article").filter({ hasText: "Noted" })).toContainText("Only you see this");
  const chosen = JSON.parse(asked.find((call) => call.path === "/where")!.body);
  expect(chosen.context.selected_option).toBe("prod");
  await card.getByRole("button", { name: "Ship it" }).click();
  for (const one of [page, his]) {
    await expect(one.getByRole("article").filter({ hasText: "Shipped" })).toHaveCount(1);
    await expect(one.locator(".card")).toHaveCount(0);
  }
  await expect(his.getByRole("article").filter({ hasText: "Well done" })).toHaveCount(1);
  await expect(page.getByRole("article").filter({ hasText: "Well done" })).toHaveCount(0);
  robot.close();
});

test("a program asks by a dialog, says what is wrong, and gets what was entered", async ({ ann, api, admin, room, team, server }) => {
  await api.call("PUT", "/config/patch", admin.token, allowed);
  const entered: Record<string, unknown>[] = [];
  const dialog = {
    callback_id: "lunch",
    title: "Order lunch",
    introduction_text: "It comes at **noon**.",
    submit_label: "Order",
    state: "s1",
    elements: [
      { display_name: "Dish", name: "dish", type: "text" },
      { display_name: "Size", name: "size", type: "select", options: [{ text: "Large", value: "l" }, { text: "Small", value: "s" }] },
      { display_name: "Remarks", name: "remarks", type: "textarea", optional: true },
      { display_name: "Spicy", name: "spicy", type: "bool", optional: true },
    ],
  };
  const robot = await program((path, body) => {
    if (path === "/submit") {
      const told = JSON.parse(body) as { submission: { dish: string } };
      entered.push(told as never);
      return told.submission.dish === "soup" ? {} : { errors: { dish: "There is only soup." } };
    }
    const trigger_id = new URLSearchParams(body).get("trigger_id");
    const open = { trigger_id, url: `${robot.url}/submit`, dialog };
    void fetch(`${server.url}/api/v4/actions/dialogs/open`, { method: "POST", body: JSON.stringify(open) });
    return { text: "Look at the dialog" };
  });
  const trigger = unique("lunch");
  await api.call("POST", "/commands", admin.token, { team_id: team.id, trigger, method: "P", url: `${robot.url}/command` });
  const page = await ann.open(room);
  await alive(page);
  const box = page.getByRole("textbox", { name: /^Message/ });
  await box.fill(`/${trigger}`);
  await box.press("Enter");
  const shown = page.getByRole("dialog", { name: "Order lunch" });
  await expect(shown).toContainText("It comes at noon.");
  await axe(page);
  await shown.getByRole("button", { name: "Order" }).click();
  await expect(shown.getByText("This is needed.")).toHaveCount(2);
  expect(entered).toHaveLength(0);
  await shown.getByLabel("Dish").fill("cake");
  await shown.getByLabel("Size").selectOption("l");
  await shown.getByText("Spicy").click();
  await shown.getByRole("button", { name: "Order" }).click();
  await expect(shown.getByText("There is only soup.")).toBeVisible();
  await axe(page);
  await shown.getByLabel("Dish").fill("soup");
  await shown.getByRole("button", { name: "Order" }).click();
  await expect(shown).toBeHidden();
  expect(entered[1]).toMatchObject({ callback_id: "lunch", state: "s1", user_id: ann.user.id, submission: { dish: "soup", size: "l", spicy: true } });
  robot.close();
});
