// Deleting a message: asked about, taken back, or carried out, also when the page is left meanwhile.

import { alive, axe, expect, test } from "./support/fixtures.ts";
import type { Page } from "@playwright/test";

async function remove(page: Page, text: string): Promise<void> {
  await page.locator("main article").filter({ hasText: text }).dispatchEvent("contextmenu", { clientX: 200, clientY: 300 });
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete this message?" });
  await axe(page);
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page.locator("main article").filter({ hasText: text })).toHaveCount(0);
}

test("a deletion can be taken back for a while, and is carried out after it", async ({ ann, bob, api, room }) => {
  await api.post(ann.user, room, "Said too soon");
  await api.post(ann.user, room, "Said for good");
  const [page, his] = [await ann.open(room), await bob.open(room)];
  await Promise.all([alive(page), alive(his)]);
  await remove(page, "Said too soon");
  await axe(page);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator("main article").filter({ hasText: "Said too soon" })).toHaveCount(1);
  await remove(page, "Said for good");
  await expect(his.locator("main article").filter({ hasText: "Said for good" })).toHaveCount(0);
  await expect(his.locator("main article").filter({ hasText: "Said too soon" })).toHaveCount(1);
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
});

test("a page that is left deletes at once", async ({ ann, bob, api, room }) => {
  await api.post(ann.user, room, "Gone with the page");
  const [page, his] = [await ann.open(room), await bob.open(room)];
  await Promise.all([alive(page), alive(his)]);
  await remove(page, "Gone with the page");
  await page.goto("about:blank");
  await expect(his.locator("main article").filter({ hasText: "Gone with the page" })).toHaveCount(0, { timeout: 4_000 });
});
