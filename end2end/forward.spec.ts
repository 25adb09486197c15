// A message is sent on to another channel.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("a message is forwarded with a word about it", async ({ ann, bob, api, room, team }) => {
  const post = await api.post(bob.user, room, "The door code is 4711");
  const page = await ann.open(room);
  await alive(page);
  const message = page.locator("main article").filter({ hasText: "The door code" });
  await message.dispatchEvent("contextmenu", { clientX: 200, clientY: 300 });
  await page.getByRole("menuitem", { name: "Forward…" }).click();
  const dialog = page.getByRole("dialog", { name: "Forward the message" });
  await expect(dialog.getByRole("button", { name: "Forward", exact: true })).toBeDisabled();
  await dialog.getByRole("searchbox").fill("off");
  await dialog.getByRole("radio", { name: "Off-Topic" }).check();
  await dialog.getByLabel("Say something about it").fill("You asked for this");
  await axe(page);
  await dialog.getByRole("button", { name: "Forward", exact: true }).click();
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(new RegExp(`/${team.name}/channels/off-topic$`));
  const sent = page.locator("main article").filter({ hasText: "You asked for this" });
  await expect(sent.locator(`a[href$="/${team.name}/pl/${post.id}"]`).first()).toBeVisible();
});
