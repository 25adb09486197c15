// Messages that are found again: pinned to the channel, saved for oneself, by their address, and as they were before.

import { alive, axe, expect, test } from "./support/fixtures.ts";
import type { Page } from "@playwright/test";

/** Chooses from the menu of a message. */
async function choose(page: Page, text: string, item: string) {
  const post = page.locator("main").getByRole("article").filter({ hasText: text });
  await post.dispatchEvent("contextmenu", { clientX: 200, clientY: 300 });
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

test("what is pinned is listed for everybody, and its place is a press away", async ({ ann, bob, api, room, team }) => {
  await api.post(bob.user, room, "The door code is on the board");
  for (let n = 0; n < 3; n += 1) await api.post(bob.user, room, `And then ${n}`);
  const page = await ann.open(room);
  await alive(page);
  const his = await bob.open(`/${team.name}/channels/${room.name}?panel=pins`);
  await alive(his);
  await expect(his.getByText("Nothing is pinned")).toBeVisible();
  await axe(his);
  await choose(page, "The door code", "Pin to the channel");
  const result = his.locator(".result");
  await expect(result).toContainText("The door code is on the board");
  await axe(his);
  await result.locator(".result-place").click();
  await expect(his).toHaveURL(/\/pl\/[a-z0-9]{26}/);
  await expect(his.locator("main article[data-target]")).toContainText("The door code");
  await choose(page, "The door code", "Unpin");
  await page.locator(".channel-name").click();
  await page.getByRole("menuitem", { name: "Pinned messages" }).click();
  await expect(page.getByText("Nothing is pinned")).toBeVisible();
});

test("what one saves is kept for oneself, also on other devices", async ({ ann, bob, api, room, team }) => {
  await api.post(bob.user, room, "Read this later");
  const page = await ann.open(room);
  const other = await ann.open(`/${team.name}/channels/${room.name}?panel=saved`);
  await Promise.all([alive(page), alive(other)]);
  await expect(other.getByText("Nothing is saved")).toBeVisible();
  await choose(page, "Read this later", "Save for later");
  await expect(other.locator(".result")).toContainText("Read this later");
  await axe(other);
  await choose(page, "Read this later", "No longer saved");
  await expect(other.locator(".result")).toHaveCount(0);
});

test("an edited message shows its author what it said before", async ({ ann, api, room }) => {
  const post = await api.post(ann.user, room, "We meet at noon");
  await api.call("PUT", `/posts/${post.id}/patch`, ann.user.token, { message: "We meet at one" });
  const page = await ann.open(room);
  await alive(page);
  await page.getByRole("button", { name: "(edited)" }).click();
  const dialog = page.getByRole("dialog", { name: "Earlier versions" });
  await expect(dialog).toContainText("We meet at noon");
  await axe(page);
  await dialog.getByRole("button", { name: "Use again" }).click();
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("article").filter({ hasText: "We meet at noon" })).toHaveCount(1);
});

test("the address of a reply opens its thread", async ({ ann, bob, api, room, team }) => {
  const root = await api.post(bob.user, room, "A question");
  const reply = await api.post(bob.user, room, "Its answer", root.id);
  const page = await ann.open(`/${team.name}/pl/${reply.id}`);
  await expect(page).toHaveURL(new RegExp(`thread=${root.id}`));
  await expect(page.getByRole("complementary", { name: /^Thread in/ })).toContainText("Its answer");
});
