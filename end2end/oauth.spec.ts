// A program asks for access to somebody's account: allowed, refused, and asked for as it must not be. Without scripts too.

import { axe, expect, test } from "./support/fixtures.ts";
import { createServer, type Server as Listener } from "node:http";
import type { AddressInfo } from "node:net";

/** The program's own server: says what it was called with. */
async function program(): Promise<{ back: string; listener: Listener }> {
  const listener = createServer((request, answer) => {
    answer.setHeader("content-type", "text/html");
    const { searchParams } = new URL(request.url ?? "", "http://program");
    // As programs do: first a cookie, then somewhere else.
    if (request.url?.startsWith("/cb")) {
      const where = `http://localhost:${(listener.address() as AddressInfo).port}/done?${searchParams}`;
      answer.writeHead(302, { location: where }).end();
      return;
    }
    answer.end(`<title>Program</title><h1>Back at the program</h1><p id="query">${[...searchParams.keys()].join(" ")}</p>`);
  });
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  return { back: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/cb`, listener };
}

for (const javaScriptEnabled of [true, false]) {
  test(`somebody is asked, and allows or refuses, ${javaScriptEnabled ? "with" : "without"} scripts`, async ({ ann, admin, api }) => {
    const { back, listener } = await program();
    const app = await api.call<{ id: string }>("POST", "/oauth/apps", admin.token, {
      name: "Print shop",
      description: "Prints what you pin.",
      homepage: "http://print.example",
      callback_urls: [back],
    });
    const asks = (redirect: string) =>
      `/oauth/authorize?${new URLSearchParams({ response_type: "code", client_id: app.id, redirect_uri: redirect, state: "s 1" })}`;
    const page = await ann.open(asks(back), { javaScriptEnabled });
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Print shop");
    await expect(page.getByText("Prints what you pin.")).toBeVisible();
    await expect(page.getByText(new URL(back).host)).toBeVisible();
    if (javaScriptEnabled) await axe(page);

    await page.getByRole("link", { name: "Do not allow" }).click();
    await expect(page.getByText("error state")).toBeVisible();

    await page.goto(asks(back));
    await page.getByRole("button", { name: "Allow", exact: true }).press("Enter");
    await expect(page.getByRole("heading", { name: "Back at the program" })).toBeVisible();
    await expect(page.getByText("code state")).toBeVisible();

    // Allowed once, it is not asked about again.
    await page.goto(asks(back));
    await expect(page.getByText("code state")).toBeVisible();

    await page.goto(asks(`${back}/other`));
    await expect(page.getByRole("heading", { name: "This program cannot ask for access" })).toBeVisible();
    await expect(page.getByRole("alert").or(page.getByRole("status"))).toContainText("not registered");
    if (javaScriptEnabled) await axe(page);
    listener.close();
  });
}

test("whoever is not signed in signs in first", async ({ page, ann, admin, api }) => {
  const { back, listener } = await program();
  const app = await api.call<{ id: string }>("POST", "/oauth/apps", admin.token, {
    name: "Print shop",
    homepage: "http://print.example",
    callback_urls: [back],
  });
  await page.goto(`/oauth/authorize?${new URLSearchParams({ response_type: "code", client_id: app.id, redirect_uri: back })}`);
  await expect(page).toHaveURL(/\/login\?/);
  await page.getByLabel("Email or user name").fill(ann.user.username);
  await page.getByLabel("Password", { exact: true }).fill(ann.user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Print shop");
  listener.close();
});
