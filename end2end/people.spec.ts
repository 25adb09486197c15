// Who somebody is, what they say of themselves, and when they do not want to be disturbed.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("a name opens a card, and the card leads to a conversation", async ({ ann, bob, room, api }) => {
  await api.post(bob.user, room, `Hello @${ann.user.username}`);
  const page = await ann.open(room);
  await alive(page);
  await page.locator(".msg", { hasText: "Hello" }).locator(".msg-author").click();
  const card = page.getByRole("dialog", { name: bob.user.username });
  await expect(card.getByText(`@${bob.user.username}`)).toBeVisible();
  await axe(page, ".profile-card");
  await page.keyboard.press("Escape");
  await expect(card).toBeHidden();
  // A mention is a name, too.
  await page.locator("a.mention", { hasText: ann.user.username }).click();
  await expect(page.getByRole("dialog", { name: ann.user.username }).getByRole("button", { name: "Edit profile" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.locator(".msg", { hasText: "Hello" }).locator(".msg-author").click();
  await card.getByRole("button", { name: "Message" }).click();
  await expect(page).toHaveURL(new RegExp(`/messages/@${bob.user.username}$`));
});

test("what one says of oneself is seen by the others until it is cleared", async ({ ann, bob, room, api, isMobile }) => {
  await api.post(ann.user, room, "I am here");
  const [page, his] = [await ann.open(room), await bob.open(room)];
  await Promise.all([alive(page), alive(his)]);
  if (isMobile) await page.getByRole("link", { name: "Back to channels" }).click();
  await page.locator("button.me").click();
  await page.getByRole("menuitem", { name: "Set a status…" }).click();
  const dialog = page.getByRole("dialog", { name: "Set a status" });
  await dialog.getByLabel("What are you up to?").fill("Deep in the numbers");
  await dialog.locator("button.said-pick").click();
  const picker = page.locator(".emoji-picker");
  await expect(picker).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(picker).toHaveCount(0);
  await expect(dialog).toBeVisible();
  await dialog.locator("button.said-pick").click();
  await axe(page, ".emoji-picker");
  await picker.getByRole("textbox").or(picker.getByRole("searchbox")).fill("abacus");
  await picker.locator(".emoji-cell").first().click();
  await expect(dialog.locator("button.said-pick")).toHaveText("🧮");
  await dialog.getByLabel("For how long").selectOption("one_hour");
  await axe(page);
  await dialog.getByRole("button", { name: "Set status" }).click();
  await expect(dialog).toHaveCount(0);
  const said = his.locator(".msg", { hasText: "I am here" }).getByRole("img", { name: "Deep in the numbers" });
  await expect(said).toBeVisible();
  await his.locator(".msg", { hasText: "I am here" }).locator(".msg-author").click();
  await expect(his.getByRole("dialog", { name: ann.user.username }).getByText("Deep in the numbers")).toBeVisible();
  await axe(his, ".profile-card");
  await page.locator("button.me").click();
  await page.getByRole("menuitem", { name: "Set a status…" }).click();
  await dialog.getByRole("button", { name: "Clear the status" }).click();
  await expect(said).toHaveCount(0);
});

test("do not disturb can end by itself", async ({ ann, room, api, isMobile }) => {
  const page = await ann.open(room);
  await alive(page);
  if (isMobile) await page.getByRole("link", { name: "Back to channels" }).click();
  await page.locator("button.me").click();
  await page.getByRole("menuitem", { name: "Do not disturb for an hour" }).click();
  await expect(page.locator("button.me")).toContainText("Do not disturb");
  const ends = async () => (await api.call<{ status: string; dnd_end_time: number }>("GET", "/users/me/status", ann.user.token)).dnd_end_time;
  await expect.poll(async () => Math.round((await ends()) - Date.now() / 1000 - 3600) >= -90).toBe(true);
});

test("a channel can have rules of its own for notifications", async ({ ann, room, api }) => {
  const page = await ann.open(room);
  await alive(page);
  await page.locator(".channel-name").click();
  await page.getByRole("menuitem", { name: "Notifications…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Notifications of/ });
  await dialog.getByRole("radio", { name: "Every message" }).check();
  await axe(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  const member = () => api.call<{ notify_props: Record<string, string> }>("GET", `/channels/${room.id}/members/me`, ann.user.token);
  expect((await member()).notify_props.desktop).toBe("all");
  await page.locator(".channel-name").click();
  await page.getByRole("menuitem", { name: "Notifications…" }).click();
  await dialog.getByText("Mute the channel").click();
  await expect(dialog.getByRole("radio", { name: "Every message" })).toHaveCount(0);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await member()).notify_props.mark_unread).toBe("mention");
});
