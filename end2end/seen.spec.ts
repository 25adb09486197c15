// Who has read a message: where the server lets people see it, of those who chose it, for those who chose it.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("whoever lets others see it sees who has read a message", async ({ ann, bob, api, admin, room }) => {
  await api.call("PUT", "/config/patch", admin.token, { PrivacySettings: { EnableSeenBy: true } });
  try {
    const post = await api.post(ann.user, room, "Who reads this?");
    const page = await ann.open(`${ann.address(room)}?settings=advanced`);
    await alive(page);
    const share = page.getByRole("dialog", { name: "Settings" }).getByLabel("Let others see what I have read");
    const saved = page.waitForResponse((answer) => answer.url().endsWith("/preferences") && answer.ok());
    await share.check();
    await saved;
    await axe(page);
    await page.goto(ann.address(room));
    await alive(page);
    const ask = async () => {
      await page.locator(`article[id$="${post.id}"]`).first().dispatchEvent("contextmenu", { clientX: 200, clientY: 300 });
      await page.getByRole("menuitem", { name: "Seen by…" }).click();
      return page.getByRole("dialog", { name: "Seen by" });
    };
    await expect(await ask()).toContainText("Nobody yet");
    await axe(page);
    await page.keyboard.press("Escape");
    await api.call("PUT", "/users/me/preferences", bob.user.token, [
      { user_id: bob.user.id, category: "privacy_settings", name: "seen_by", value: "true" },
    ]);
    await api.call("POST", "/channels/members/me/view", bob.user.token, { channel_id: room.id });
    await expect((await ask()).getByRole("listitem")).toHaveText(new RegExp(bob.user.username));
    await axe(page);
  } finally {
    await api.call("PUT", "/config/patch", admin.token, { PrivacySettings: { EnableSeenBy: false } });
  }
});
