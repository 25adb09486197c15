import { alive, expect, test } from "./support/fixtures.ts";
test("where", async ({ ann, bob, api, room, isMobile }) => {
  await api.post(bob.user, room, "One");
  await api.post(bob.user, room, ":tada: :rocket:");
  await api.post(bob.user, room, `Hello @${ann.user.username} and @channel`);
  const page = await ann.open(room);
  await alive(page);
  await page.waitForTimeout(2000);
  await page.screenshot({ path: `/tmp/jumbo-${isMobile}.png` });
  const msg = page.locator("main article", { hasText: "One" });
  await msg.hover();
  const more = msg.getByRole("button", { name: "More" }).last();
  await more.focus();
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  console.log(await page.locator(".menu").boundingBox(), await more.boundingBox());
});
