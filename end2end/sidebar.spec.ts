// One's list of channels is arranged as one likes: favourites, categories of one's own, moved by menu and by hand.

import { alive, axe, expect, test } from "./support/fixtures.ts";
import type { Page } from "@playwright/test";

/** The list, where it is in sight: on a phone it is a column of its own. */
async function list(page: Page) {
  await alive(page);
  const back = page.getByRole("link", { name: "Back to channels" });
  if (await back.isVisible()) await back.click();
  return page.getByRole("navigation", { name: /^Channels of/ });
}

/** The menu of a channel: the other button of the mouse, a long press. */
async function menuOf(page: Page, name: string) {
  await page.locator(".side-list a.side-row", { hasText: name }).dispatchEvent("contextmenu", { clientX: 80, clientY: 200 });
  return page.getByRole("menu", { name: "Arrange" });
}

const category = (page: Page, title: string) =>
  page.locator(".category:not([hidden])").filter({ has: page.locator(".category-toggle", { hasText: new RegExp(`^${title}`) }) });

test("channels become favourites and go into categories of one's own, also on other devices", async ({ ann, room }) => {
  const page = await ann.open(room);
  const other = await ann.open(room);
  await list(page);
  await list(other);
  await (await menuOf(page, "Test Channel")).getByRole("menuitem", { name: "Make favourite" }).click();
  for (const screen of [page, other]) {
    await expect(category(screen, "Favorites").getByRole("link", { name: /Test Channel/ })).toBeVisible();
    await expect(category(screen, "Channels").getByRole("link", { name: /Test Channel/ })).toHaveCount(0);
  }
  await (await menuOf(page, "Test Channel")).getByRole("menuitem", { name: "New category…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Projects");
  await axe(page);
  await page.getByRole("button", { name: "Create" }).click();
  for (const screen of [page, other]) {
    await expect(category(screen, "Projects").getByRole("link", { name: /Test Channel/ })).toBeVisible();
  }
  await page.reload();
  await list(page);
  await expect(category(page, "Projects").getByRole("link", { name: /Test Channel/ })).toBeVisible();

  await category(page, "Projects").getByRole("button", { name: "Arrange Projects" }).click();
  await axe(page);
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Work");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(category(other, "Work")).toBeVisible();
  await category(page, "Work").getByRole("button", { name: "Arrange Work" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  for (const screen of [page, other]) {
    await expect(category(screen, "Channels").getByRole("link", { name: /Test Channel/ })).toBeVisible();
    await expect(category(screen, "Work")).toHaveCount(0);
  }
});

test("a folded category still shows what is unread, and stays folded", async ({ ann, bob, api, team, room }) => {
  // Being added to a channel is news: it is read first.
  const page = await ann.open(room);
  await alive(page);
  await expect(page.locator("a.side-row", { hasText: "Test Channel" })).not.toHaveAttribute("data-unread", "");
  await page.goto(`/${team.name}/channels/off-topic`);
  await list(page);
  await category(page, "Channels").locator(".category-toggle").click();
  const row = category(page, "Channels").locator("a.side-row", { hasText: "Test Channel" });
  await expect(row).toHaveCount(0);
  await api.post(bob.user, room, `Something new for @${ann.user.username}`);
  await expect(row).toBeVisible();
  await expect(row).toHaveAttribute("data-unread", "");
  await expect(row.locator(".pill-mention")).toHaveText("1");
  await category(page, "Channels").getByRole("button", { name: "Arrange Channels" }).click();
  await page.getByRole("menuitem", { name: "Mark all as read" }).click();
  await expect(row).toHaveCount(0);
  await page.reload();
  await expect(category(page, "Channels").locator(".category-toggle")).toHaveAttribute("aria-expanded", "false");
});

test("channels are put in order by hand", async ({ ann, api, admin, team, room, isMobile }) => {
  test.skip(isMobile, "by touch the menu does it");
  for (const name of ["alder", "birch", "cedar"]) {
    const channel = await api.channel(admin, team, `${name}-${room.name.slice(-6)}`, "O", name);
    await api.join(admin, ann.user, team, channel);
  }
  const page = await ann.open(room);
  await alive(page);
  const names = () => category(page, "Channels").locator("a.side-row .side-name").allTextContents();
  expect((await names()).slice(0, 3)).toEqual(["alder", "birch", "cedar"]);
  const row = (name: string) => category(page, "Channels").locator("li", { has: page.locator(".side-name", { hasText: name }) });
  await row("cedar").dragTo(row("alder"));
  await expect.poll(async () => (await names()).slice(0, 3)).toEqual(["cedar", "alder", "birch"]);
  await page.reload();
  await alive(page);
  expect((await names()).slice(0, 3)).toEqual(["cedar", "alder", "birch"]);
});

test("a channel stays in the category that the team has chosen for everybody", async ({ admin, ann, bob, api, team, room }) => {
  const roles = { scheme_admin: true, scheme_user: true };
  await api.call("PUT", `/teams/${team.id}/members/${ann.user.id}/schemeRoles`, admin.token, roles);
  const page = await bob.open(room);
  await list(page);
  const hers = await ann.open(room);
  await alive(hers);
  await hers.locator(".channel-tools").getByRole("button", { name: "About the channel" }).click();
  await hers.getByRole("complementary").getByRole("button", { name: "Edit" }).click();
  await hers.getByLabel("Category for everybody").fill("Projects");
  await axe(hers);
  await hers.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(category(page, "Projects").getByRole("link", { name: /Test Channel/ })).toBeVisible();
  await expect(category(page, "Channels").getByRole("link", { name: /Test Channel/ })).toHaveCount(0);
  const menu = await menuOf(page, "Test Channel");
  await expect(menu.getByRole("menuitem", { name: "Mute" })).toBeVisible();
  await expect(menu.getByRole("menuitem", { name: "Make favourite" })).toHaveCount(0);
  await expect(menu.getByText("Move to")).toHaveCount(0);
  await axe(page);
  await page.keyboard.press("Escape");
  await category(page, "Projects").locator(".category-toggle").click();
  await page.reload();
  await expect(category(page, "Projects").locator(".category-toggle")).toHaveAttribute("aria-expanded", "false");
});
