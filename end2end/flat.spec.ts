// Replies among the messages of a channel, for those who like it so.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("whoever likes it has replies in the channel, in order, with what they reply to", async ({ ann, bob, api, room }) => {
  const root = await api.post(bob.user, room, "Shall we paint the boat?");
  await api.post(bob.user, room, "Something else");
  await api.post(ann.user, room, "Yes, in green", root.id);
  const page = await ann.open(`${ann.address(room)}?settings=display`);
  await alive(page);
  await expect(page.locator("main article").filter({ hasText: "Yes, in green" })).toHaveCount(0);
  const choice = page.getByRole("dialog", { name: "Settings" }).getByLabel("Replies in threads");
  await expect(choice).toBeChecked();
  await axe(page);
  await Promise.all([page.waitForEvent("load"), choice.click()]);
  await page.goto(ann.address(room));
  await alive(page);
  const reply = page.locator("main article").filter({ hasText: "Yes, in green" });
  await expect(reply.locator(".msg-answers")).toContainText("Shall we paint the boat?");
  await expect(page.locator("main article").last()).toContainText("Yes, in green");
  // What comes now is there at once; it goes on in the same thread, so it says no more what it replies to.
  await api.post(bob.user, room, "Or in blue", root.id);
  const next = page.locator("main article").filter({ hasText: "Or in blue" });
  await expect(next).toHaveCount(1);
  await expect(next.locator(".msg-answers")).toHaveCount(0);
  await axe(page);
  await reply.locator(".msg-answers a").click();
  const thread = page.getByRole("complementary", { name: /^Thread in/ });
  await expect(thread.locator("article").filter({ hasText: "Or in blue" })).toHaveCount(1);
  await thread.getByRole("textbox").fill("Green it is");
  await thread.getByRole("textbox").press("Enter");
  await expect(thread.locator("article").filter({ hasText: "Green it is" })).toHaveCount(1);
  await page.goto(ann.address(room));
  await expect(page.locator("main article").last()).toContainText("Green it is");
});

test("replies count as unread in the channel, and no list of threads is offered", async ({ ann, bob, api, room, team }) => {
  await api.call("PUT", "/users/me/preferences", ann.user.token, [
    { user_id: ann.user.id, category: "display_settings", name: "collapsed_reply_threads", value: "off" },
  ]);
  const root = await api.post(bob.user, room, "A question");
  const page = await ann.open(room);
  await alive(page);
  const unread = () => api.call<{ msg_count: number }>("GET", `/users/me/channels/${room.id}/unread`, ann.user.token);
  await expect.poll(async () => (await unread()).msg_count).toBe(0);
  await page.goto(`/${team.name}/channels/off-topic`);
  await alive(page);
  const back = page.getByRole("link", { name: "Back to channels" });
  if (await back.isVisible()) await back.click();
  const row = page.locator("a.side-row", { hasText: "Test Channel" });
  await expect(row).not.toHaveAttribute("data-unread", "");
  await api.post(bob.user, room, "An answer", root.id);
  await expect(row).toHaveAttribute("data-unread", "");
  await expect(page.locator(".side-list").getByRole("link", { name: "Threads", exact: true })).toHaveCount(0);
  await axe(page);
});
