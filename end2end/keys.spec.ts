// Everywhere by the keyboard: the switcher, the panel of a channel, and the list of the keys.

import { alive, axe, expect, test, unique } from "./support/fixtures.ts";

test("a few letters lead to channels, people and threads", async ({ ann, bob, api, admin, team, room }) => {
  const far = unique("faraway");
  await api.channel(admin, team, far, "O", far);
  const page = await ann.open(room);
  await alive(page);
  const input = page.getByRole("combobox", { name: "Find channel or person" });
  const find = async (text: string) => {
    await page.keyboard.press("Control+k");
    await input.fill(text);
  };

  await find(bob.user.username);
  await expect(page.getByRole("option").first()).toContainText(bob.user.username);
  await axe(page);
  await input.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/messages/@${bob.user.username}$`));

  await find(far);
  await expect(page.getByRole("option").first()).toContainText("Join");
  await input.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/channels/${far}$`));
  await expect(page.getByRole("heading", { name: far, level: 1 })).toBeVisible();

  await find("threa");
  await input.press("Enter");
  await expect(page).toHaveURL(/\/threads$/);

  await find("");
  await input.press("ArrowDown");
  await expect(page.getByRole("option").nth(1)).toHaveAttribute("aria-selected", "true");
  await input.press("Escape");
  await expect(input).toHaveCount(0);
});

test("the keys do what their list says", async ({ ann, room }) => {
  const page = await ann.open(room);
  await alive(page);
  await page.keyboard.press("Control+/");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toContainText("About the channel");
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);

  await page.keyboard.press("Control+.");
  const panel = page.getByRole("complementary", { name: "About Test Channel" });
  await expect(panel).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);

  await page.keyboard.press("Control+Shift+L");
  await expect(page.locator("#messages")).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(page.locator("article.msg:focus")).toHaveCount(1);
  await page.keyboard.press("Alt+ArrowDown");
  await expect(page).not.toHaveURL(new RegExp(`${room.name}$`));
});

test("what the keyboard opens is beside what opened it", async ({ ann, bob, api, room, isMobile }) => {
  test.skip(isMobile, "menus are sheets there");
  await api.post(bob.user, room, "Open my menu");
  const page = await ann.open(room);
  await alive(page);
  const post = page.locator("main article", { hasText: "Open my menu" });
  await post.hover();
  const more = post.getByRole("button", { name: "More" }).last();
  await more.focus();
  await page.keyboard.press("Enter");
  const menu = page.getByRole("menu", { name: "Message actions" });
  await expect(menu).toBeVisible();
  const [button, list] = [await more.boundingBox(), await menu.boundingBox()];
  expect(Math.abs((list?.x ?? 0) + (list?.width ?? 0) - (button?.x ?? 0)), "at the button").toBeLessThan(60);
  // The picker that opens from there takes its place.
  await page.getByRole("menuitem", { name: "React" }).press("Enter");
  const picker = page.locator(".emoji-picker");
  await expect(picker).toBeVisible();
  expect((await picker.boundingBox())?.x, "where the menu was").toBeGreaterThan(800);
});
