// Why one is notified, and who is a guest.

import { alive, axe, expect, test } from "./support/fixtures.ts";
import type { Channel } from "./support/fixtures.ts";

test("a message says why it notifies, or not", async ({ ann, bob, room, api }) => {
  await api.post(bob.user, room, `Hello @${ann.user.username}`);
  await api.post(bob.user, room, "Nothing for anybody");
  const page = await ann.open(room);
  await alive(page);
  const ask = async (text: string) => {
    await page.locator(".msg", { hasText: text }).click({ button: "right", position: { x: 5, y: 5 } });
    await page.getByRole("menuitem", { name: "Why was I notified?" }).click();
    return page.getByRole("dialog", { name: "Why was I notified?" });
  };
  const dialog = await ask("Hello");
  await expect(dialog.getByText(`It names you: @${ann.user.username}`)).toBeVisible();
  await expect(dialog.locator("dd").first()).toHaveText("Notified The message is for you.");
  await expect(dialog.getByText("This server does not notify in this way.").first()).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await ask("Nothing for anybody");
  await expect(dialog.locator("dd").first()).toHaveText("Not notified You are told of mentions, and this is none.");
});

test("a guest is marked as one beside their messages, on their card and among the members", async ({ ann, api, admin, team, room, person }) => {
  await api.call("PUT", "/config/patch", admin.token, { GuestAccountsSettings: { Enable: true } });
  const gail = await person("gail");
  await api.call("POST", `/channels/${room.id}/members`, ann.user.token, { user_id: gail.user.id });
  await api.call("POST", `/users/${gail.user.id}/demote`, admin.token);
  await api.post(gail.user, room, "I am new here");
  const page = await ann.open(`/${team.name}/channels/${room.name}`);
  await alive(page);
  const message = page.locator(".msg", { hasText: "I am new here" });
  await expect(message.locator(".badge")).toHaveText("Guest");
  await axe(page);
  await message.locator(".msg-author").click();
  await expect(page.getByRole("dialog", { name: gail.user.username }).getByText("Guest", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "About the channel" }).click();
  await expect(page.locator("li.person", { hasText: gail.user.username }).locator(".badge")).toHaveText("Guest");
  // In the list of conversations too, unless the server hides the marks.
  const direct = await api.call<Channel>("POST", "/channels/direct", ann.user.token, [ann.user.id, gail.user.id]);
  await api.post(gail.user, direct, "Hello");
  const row = page.locator("a.side-row", { hasText: gail.user.username });
  await expect(row.locator(".badge")).toHaveText("Guest");
  await api.call("PUT", "/config/patch", admin.token, { GuestAccountsSettings: { HideTags: true } });
  await expect(row.locator(".badge")).toHaveCount(0);
  await api.call("PUT", "/config/patch", admin.token, { GuestAccountsSettings: { HideTags: false } });
  await expect(row.locator(".badge")).toHaveText("Guest");
});
