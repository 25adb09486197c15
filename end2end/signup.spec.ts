// From nothing to a first post: sign up, make a team, write, and find it again after a reload.

import { alive, axe, expect, test, unique } from "./support/fixtures.ts";

test("someone signs up, makes a team and writes the first post", async ({ page, admin }) => {
  // The account that administrates exists already; this is anybody's.
  expect(admin.id).toHaveLength(26);
  const name = unique("carla");
  await page.goto("/signup");
  await alive(page);
  await axe(page);
  await page.getByLabel("Email", { exact: true }).fill(`${name}@example.com`);
  await page.getByLabel("User name", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill("A-long-password-1");
  await page.getByRole("button", { name: "Create account" }).click();

  await page.getByRole("link", { name: /create a team/i }).click();
  await page.getByLabel("Name of the team").fill(unique("First team"));
  await page.getByRole("button", { name: "Create team" }).click();

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
