// Finding messages and files: by words and filters, from the keyboard and on a phone.

import { alive, axe, expect, test } from "./support/fixtures.ts";
import type { Page } from "@playwright/test";

/** Opens the panel and looks for something. */
async function look(page: Page, terms: string) {
  const box = page.getByRole("combobox", { name: "Search", exact: true });
  await box.fill(terms);
  await box.press("Enter");
}

test("words find messages, and a press goes to them", async ({ ann, bob, api, room }) => {
  await api.post(bob.user, room, "The harbour lights were running late");
  await api.post(bob.user, room, "Nothing to see");
  for (let n = 0; n < 30; n += 1) await api.post(bob.user, room, `Filler ${n}`);
  const page = await ann.open(room);
  await alive(page);
  await page.keyboard.press("Control+Shift+F");
  const box = page.getByRole("combobox", { name: "Search", exact: true });
  await expect(box).toBeFocused();
  await axe(page);
  await look(page, "harbour run");
  const result = page.locator(".result");
  await expect(result).toHaveCount(1);
  await expect(result.locator("mark.hit")).toHaveText(["harbour", "running"]);
  await axe(page);
  await result.locator(".result-place").click();
  await expect(page).toHaveURL(/\/pl\/[a-z0-9]{26}/);
  await expect(page.locator("main article[data-target]")).toContainText("The harbour lights");
  // Where there is room the results stay; else they are where one came from.
  if ((page.viewportSize()?.width ?? 0) < 640) await page.goBack();
  await expect(result).toHaveCount(1);
  await look(page, "harbour -run");
  await expect(page.getByText("Nothing was found", { exact: true }).first()).toBeVisible();
  await box.fill("");
  await box.press("Enter");
  await page.getByRole("button", { name: "harbour run", exact: true }).click();
  await expect(result).toHaveCount(1);
});

test("filters are offered while one writes", async ({ ann, bob, api, room }) => {
  await api.post(bob.user, room, "Teapots by Bob");
  await api.post(ann.user, room, "Teapots by Ann");
  const page = await ann.open(room);
  await alive(page);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  const box = page.getByRole("combobox", { name: "Search", exact: true });
  await box.fill("teapot fr");
  await page.getByRole("option", { name: /^from:/ }).click();
  await box.pressSequentially(bob.user.username.slice(0, 8));
  await page.getByRole("option", { name: new RegExp(bob.user.username) }).click();
  await expect(box).toHaveValue(`teapot from:${bob.user.username} `);
  await axe(page);
  await box.press("Enter");
  await expect(page.locator(".result")).toHaveCount(1);
  await expect(page.locator(".result")).toContainText("Teapots by Bob");
  await box.fill(`teapot in:${room.name.slice(0, 4)}`);
  await box.press("ArrowDown");
  await box.press("Enter");
  await expect(box).toHaveValue(/^teapot in:\S+ $/);
  await box.press("Enter");
  await expect(page.locator(".result")).toHaveCount(2);
});

test("files are found by what is in them", async ({ ann, room }) => {
  const page = await ann.open(room);
  await alive(page);
  await page
    .locator("main.channel input[type=file]")
    .setInputFiles([{ name: "recipe.txt", mimeType: "text/plain", buffer: Buffer.from("It needs saffron") }]);
  await expect(page.locator('.attach-chip[data-state="sent"]')).toHaveCount(1);
  const composer = page.getByRole("textbox", { name: /message/i }).first();
  await composer.fill("For Sunday");
  await composer.press("Enter");
  await expect(page.getByRole("article").filter({ hasText: "For Sunday" })).toHaveCount(1);
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("button", { name: "Files", exact: true }).click();
  await look(page, "saffron ext:txt");
  await expect(page.locator(".result-file")).toContainText("recipe.txt");
  await axe(page);
});

test("on a phone the search has the screen", async ({ ann, bob, api, room }) => {
  await api.post(bob.user, room, "Umbrellas are in the hall");
  const page = await ann.open(room);
  await page.setViewportSize({ width: 390, height: 844 });
  await alive(page);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.locator("#search-help")).toBeVisible();
  await axe(page);
  await look(page, "umbrella");
  await expect(page.locator(".result")).toHaveCount(1);
  await axe(page);
  const panel = await page.locator(".search-panel").boundingBox();
  expect(panel?.width).toBe(390);
  await page.locator(".result-place").click();
  await expect(page.locator("main article[data-target]")).toContainText("Umbrellas");
});
