// What is one's own: profile, security, notifications, display; and the notifications themselves.

import { alive, axe, expect, PASSWORD, test } from "./support/fixtures.ts";
import type { Page } from "@playwright/test";

/** A page of the settings, above a channel. */
async function settings(page: Page, title: string) {
  await alive(page);
  const dialog = page.getByRole("dialog", { name: "Settings" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("heading", { name: title, level: 1 })).toBeVisible();
  return dialog;
}

test("the settings open from one's own menu and close by the way back", async ({ ann, room, isMobile }) => {
  const page = await ann.open(room);
  await alive(page);
  if (isMobile) await page.getByRole("link", { name: "Back to channels" }).click();
  await page.locator("button.me").click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  const dialog = page.getByRole("dialog", { name: "Settings" });
  await expect(dialog).toBeVisible();
  for (const title of ["Security", "Notifications", "Display", "Sidebar", "Advanced", "Profile"]) {
    if (isMobile && (await dialog.getByRole("link", { name: "All settings" }).isVisible())) {
      await dialog.getByRole("link", { name: "All settings" }).click();
    }
    await dialog.getByRole("link", { name: title }).click();
    await expect(dialog.getByRole("heading", { name: title, level: 1 })).toBeVisible();
    await axe(page);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page).not.toHaveURL(/settings=/);
});

test("a changed name is what the others see, and nothing is saved before one says so", async ({ ann, bob, room, api }) => {
  await api.post(ann.user, room, "What am I called?");
  const his = await bob.open(room);
  await alive(his);
  const page = await ann.open(`${ann.address(room)}?settings=profile`);
  const dialog = await settings(page, "Profile");
  await dialog.getByLabel("Nickname").fill("Annika");
  await dialog.getByRole("button", { name: "Undo" }).click();
  await expect(dialog.getByLabel("Nickname")).toHaveValue("");
  await dialog.getByLabel("Nickname").fill("Annika");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Your profile was saved")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Undo" })).toHaveCount(0);
  await expect(his.locator(".msg", { hasText: "What am I called?" }).getByText("Annika")).toBeVisible();
  // A name that is taken is refused, and what was typed stays.
  await dialog.getByLabel("User name").fill(bob.user.username);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await expect(dialog.getByLabel("User name")).toHaveValue(bob.user.username);
});

test("password, sessions and tokens are looked after in one place", async ({ ann, room, api }) => {
  const other = await api.signIn(ann.user.username);
  const page = await ann.open(`${ann.address(room)}?settings=security`);
  const dialog = await settings(page, "Security");
  const sessions = dialog.locator(".settings-item");
  await expect(sessions).not.toHaveCount(0);
  const before = await sessions.count();
  expect(before).toBeGreaterThan(1);

  await dialog.getByLabel("Current password").fill("not-this-one-9");
  await dialog.getByLabel("New password").fill(`${PASSWORD}-new`);
  await dialog.getByRole("button", { name: "Change password" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByLabel("Current password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password was changed")).toBeVisible();
  expect(await api.signIn(ann.user.username, `${PASSWORD}-new`)).toBeTruthy();

  await page.reload();
  await settings(page, "Security");
  await dialog.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page).toHaveURL(/\/login/);
  await expect(api.call("GET", "/users/me", other)).rejects.toThrow();
});

test("how it looks is chosen, at once and for every device", async ({ ann, room, api }) => {
  await api.post(ann.user, room, "A line to look at");
  const page = await ann.open(`${ann.address(room)}?settings=display`);
  const other = await ann.open(room);
  await alive(other);
  const dialog = await settings(page, "Display");
  await dialog.getByLabel("Dark").check();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await axe(page);
  await dialog.getByRole("radio", { name: "Indigo" }).check({ force: true });
  await dialog.getByLabel("Compact").check();
  for (const screen of [page, other]) {
    await expect(screen.locator(".app")).toHaveAttribute("data-density", "compact");
    await expect.poll(() => screen.evaluate(() => document.documentElement.style.getPropertyValue("--own-hue"))).toBe("265");
  }
  await axe(other);
  await dialog.getByRole("radio", { name: "User name", exact: true }).check();
  await expect(other.locator(".msg", { hasText: "A line to look at" }).locator(".msg-author")).toHaveText(ann.user.username);
  // The accent is there again before anything is loaded.
  await other.reload({ waitUntil: "commit" });
  await expect.poll(() => other.evaluate(() => document.documentElement.style.getPropertyValue("--own-hue"))).toBe("265");
});

test("Enter can begin a line instead of sending", async ({ ann, room }) => {
  const page = await ann.open(`${ann.address(room)}?settings=advanced`);
  const dialog = await settings(page, "Advanced");
  await dialog.getByLabel("Enter begins a new line").check();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  const box = page.getByRole("textbox", { name: /^Message/ });
  await box.fill("one");
  await box.press("Enter");
  await box.pressSequentially("two");
  await expect(box).toHaveValue("one\ntwo");
  await box.press("Control+Enter");
  await expect(page.locator(".msg", { hasText: "two" })).toBeVisible();
  await expect(box).toHaveValue("");
});

/** Puts a browser's notifications on record. */
async function record(page: Page) {
  await page.evaluate(() => {
    const shown: string[] = [];
    const closed: string[] = [];
    class Recorded {
      static permission = "granted";
      onclick: (() => void) | null = null;
      constructor(readonly title: string, readonly options: { body: string }) {
        shown.push(`${title}: ${options.body}`);
      }
      close() {
        closed.push(this.options.body);
      }
    }
    Object.assign(window, { Notification: Recorded, shown, taken: closed });
  });
}
const shown = (page: Page) => page.evaluate(() => (window as unknown as { shown: string[] }).shown);
const closed = (page: Page) => page.evaluate(() => (window as unknown as { taken: string[] }).taken);

test("the browser tells of what concerns one, and takes it away when it was read elsewhere", async ({ ann, bob, api, team, room }) => {
  const page = await ann.open(`/${team.name}/channels/off-topic`);
  await alive(page);
  await record(page);
  // What is seen to arrive says that the page hears of things.
  const { id } = await api.call<{ id: string }>("GET", `/teams/${team.id}/channels/name/off-topic`, ann.user.token);
  await api.post(bob.user, { ...room, id }, "Is anybody here?");
  await expect(page.locator(".msg", { hasText: "Is anybody here?" })).toBeVisible();
  await api.post(bob.user, room, "Just a word");
  await api.post(bob.user, room, `Look here, @${ann.user.username}`);
  await expect.poll(() => shown(page)).toHaveLength(1);
  expect((await shown(page))[0]).toContain("Look here");
  await expect(page.locator("#favicon")).toHaveAttribute("href", "/favicon-mention.svg");
  // Read on another device.
  const other = await ann.open(room);
  await alive(other);
  await other.bringToFront();
  await expect.poll(() => closed(page)).toHaveLength(1);
  await expect(page.locator("#favicon")).not.toHaveAttribute("href", "/favicon-mention.svg");
});

test("what one is told of follows the choice", async ({ ann, bob, api, team, room }) => {
  const page = await ann.open(`/${team.name}/channels/off-topic?settings=notifications`);
  const dialog = await settings(page, "Notifications");
  await record(page);
  await dialog.getByLabel("Every message", { exact: false }).first().check();
  await expect(dialog.getByText("every message in channels that you have not muted")).toBeVisible();
  await dialog.getByLabel("My own words").fill("kumquat");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Your notifications were saved")).toBeVisible();
  await api.post(bob.user, room, "Just a word");
  await expect.poll(() => shown(page)).toHaveLength(1);
  await dialog.getByLabel("Nothing").check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("button", { name: "Undo" })).toHaveCount(0);
  await api.post(bob.user, room, `And now, @${ann.user.username}?`);
  await expect(page.locator("#favicon")).toHaveAttribute("href", "/favicon-mention.svg");
  expect(await shown(page)).toHaveLength(1);
});
