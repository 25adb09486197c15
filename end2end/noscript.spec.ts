// With scripts off a channel can still be read: the server writes the page.

import { expect, test } from "./support/fixtures.ts";

test("a channel is readable with scripts off", async ({ ann, api, room }) => {
  await api.post(ann.user, room, "Readable **without** scripts");
  const page = await ann.open(room, { javaScriptEnabled: false });
  await expect(page.getByRole("heading", { name: "Test Channel", level: 1 })).toBeVisible();
  await expect(page.getByText("Readable without scripts")).toBeVisible();
});

test("whoever is signed out is sent to sign in before setting up a second factor", async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}/mfa/setup`);
  await expect(page).toHaveURL(/\/login\?redirect_to=\/mfa\/setup$/);
  await expect(page.getByLabel("Password", { exact: true })).toBeVisible();
  await context.close();
});
