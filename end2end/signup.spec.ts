// From nothing to a first post: sign up, make a team, write, and find it again after a reload.

import { alive, axe, expect, test, unique } from "./support/fixtures.ts";

test("someone signs up, makes a team and writes the first post", async ({ page, admin }) => {
  // The account that administrates exists already; this is anybody's.
  expect(admin.id).toHaveLength(26);
  const name = unique("carla");
  await page.goto("/signup");
  await alive(page);
  await axe(page);
  await page.getByLabel(/email/i).fill(`${name}@example.com`);
  await page.getByLabel(/username/i).fill(name);
  await page.getByLabel(/password/i).fill("A-long-password-1");
  await page.getByRole("button", { name: /create account|sign up/i }).click();

  const team = unique("first-team");
  await page.getByRole("link", { name: /create a team/i }).or(page.getByLabel(/team name/i)).first().waitFor();
  const link = page.getByRole("link", { name: /create a team/i });
  if (await link.isVisible()) await link.click();
  await page.getByLabel(/team name/i).fill(team);
  await page.getByRole("button", { name: /create team|create/i }).click();

  await expect(page).toHaveURL(/\/channels\/town-square$/);
  const composer = page.getByRole("textbox", { name: /write|message/i }).first();
  await composer.fill("Hello from the first test");
  await composer.press("Enter");
  const post = page.getByRole("article").filter({ hasText: "Hello from the first test" });
  await expect(post).toHaveCount(1);
  await page.reload();
  await expect(post).toHaveCount(1);
  await axe(page);
});
