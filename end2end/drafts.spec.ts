// What waits to be sent: drafts on every device, messages that are sent later, and being reminded of one.

import { alive, axe, expect, test } from "./support/fixtures.ts";
import type { Page } from "@playwright/test";

const box = (page: Page) => page.locator("main.channel").getByRole("textbox", { name: /message/i });

test("what is begun on one device is finished on the other", async ({ ann, bob, room, team }) => {
  const [desk, phone] = [await ann.open(room), await ann.open(room)];
  await Promise.all([alive(desk), alive(phone)]);
  await box(desk).fill("We could meet");
  await expect(box(phone)).toHaveValue("We could meet");
  await box(phone).fill("We could meet at noon");
  await expect(box(desk)).toHaveValue("We could meet at noon");
  // Listed where one does not look at the channel.
  const list = await ann.open(`/${team.name}/channels/town-square?panel=drafts`);
  await alive(list);
  const entry = list.locator(".waiting");
  await expect(entry).toContainText("We could meet at noon");
  await axe(list);
  await box(phone).press("Enter");
  await expect(box(desk)).toHaveValue("");
  await expect(entry).toHaveCount(0);
  await expect(list.getByText("Nothing waits")).toBeVisible();
  const his = await bob.open(room);
  await expect(his.getByRole("article").filter({ hasText: "We could meet at noon" })).toHaveCount(1);
});

test("a message is sent later, at another time, or changed after all", async ({ ann, room, team }) => {
  const page = await ann.open(room);
  await alive(page);
  await box(page).fill("Good morning everybody");
  await page.getByRole("button", { name: "Send later" }).click();
  const dialog = page.getByRole("dialog", { name: "Send later" });
  await axe(page);
  await dialog.getByRole("button", { name: /Tomorrow morning/ }).click();
  await expect(dialog).toBeHidden();
  await expect(box(page)).toHaveValue("");
  await page.goto(`/${team.name}/channels/${room.name}?panel=drafts`);
  await alive(page);
  const entry = page.locator(".waiting");
  await expect(entry).toContainText("Good morning everybody");
  await expect(entry).toContainText("Will be sent tomorrow at 09:00");

  await entry.getByRole("button", { name: "Other time" }).click();
  const again = page.getByRole("dialog", { name: "Send at another time" });
  await again.getByLabel("Day").fill("2020-01-01");
  await again.getByRole("button", { name: "At this time" }).click();
  await expect(again).toContainText("That has passed.");
  await again.getByLabel("Day").fill("2099-01-02");
  await again.getByLabel("Time").fill("10:30");
  await again.getByRole("button", { name: "At this time" }).click();
  await expect(entry).toContainText("Friday, 2 January 2099 at 10:30");

  await entry.getByRole("button", { name: "Edit" }).click();
  await expect(box(page)).toHaveValue("Good morning everybody");
  await box(page).press("Enter");
  await expect(page.getByRole("article").filter({ hasText: "Good morning everybody" })).toHaveCount(1);
});

test("one is reminded of a message", async ({ ann, bob, api, room }) => {
  await api.post(bob.user, room, "Water the plants");
  const page = await ann.open(room);
  await alive(page);
  await page.locator("main").getByRole("article").filter({ hasText: "Water the plants" }).dispatchEvent("contextmenu", {
    clientX: 200,
    clientY: 300,
  });
  await page.getByRole("menuitem", { name: "Remind me…" }).click();
  const dialog = page.getByRole("dialog", { name: "Remind me" });
  await dialog.getByRole("button", { name: /In 20 minutes/ }).click();
  await expect(page.getByText(/You will be reminded/)).toBeVisible();
});
