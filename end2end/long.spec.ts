// Long lists: of a channel and of a thread the page holds a few screens, and what is read stays where it is.

import { alive, axe, expect, test } from "./support/fixtures.ts";
import type { Locator, Page } from "@playwright/test";

/** More than that makes a page slow on a phone. */
const NODES = 1500;

/** How many elements the page has. */
const nodes = (page: Page) => page.evaluate(() => document.querySelectorAll("*").length);

/** Where a message is, in pixels below the upper edge of the page. */
const top = async (message: Locator) => (await message.boundingBox())?.y ?? Number.NaN;

/** Scrolls up until a text is there, and gives the most elements that the page had meanwhile. */
async function upTo(page: Page, list: Locator, text: string) {
  let most = 0;
  const wanted = list.getByText(text, { exact: true });
  await expect(async () => {
    await list.evaluate((list) => list.scrollTo(0, 0));
    most = Math.max(most, await nodes(page));
    await expect(wanted).toBeInViewport({ timeout: 150 });
  }).toPass({ intervals: [0], timeout: 30_000 });
  return most;
}

test("a long channel is scrolled through, and what is read stays in its place", async ({ ann, bob, api, room }) => {
  for (let n = 0; n < 300; n += 1) await api.post(ann.user, room, `Line ${n}`);
  const page = await ann.open(room);
  await alive(page);
  const list = page.getByRole("log");
  await expect(list.getByText("Line 299", { exact: true })).toBeInViewport();
  expect(await upTo(page, list, "Line 0")).toBeLessThan(NODES);
  await expect(page.getByText("This is the beginning of the channel")).toBeVisible();
  await axe(page);

  // The way down goes by steps as well: lines come below and leave above, and the one in sight does not move.
  const seen = list.getByText("Line 60", { exact: true });
  await seen.evaluate((line) => line.scrollIntoView({ block: "center" }));
  await page.waitForTimeout(300);
  const before = await top(seen);
  await list.evaluate((list) => list.scrollBy(0, 40));
  await page.waitForTimeout(300);
  expect(Math.abs(before - 40 - (await top(seen)))).toBeLessThan(3);
  await api.post(bob.user, room, "Something new");
  await page.waitForTimeout(500);
  expect(Math.abs(before - 40 - (await top(seen)))).toBeLessThan(3);
  await expect(list.getByText("Something new")).toHaveCount(0);

  await page.locator(".jump").click();
  await expect(list.getByText("Something new")).toBeInViewport();
  await api.post(bob.user, room, "And more");
  await expect(list.getByText("And more")).toBeInViewport();
  expect(await nodes(page)).toBeLessThan(NODES);
});

test("a long thread opens at its end and is scrolled to its beginning", async ({ ann, bob, api, room, team }) => {
  const root = await api.post(bob.user, room, "A long story");
  for (let n = 0; n < 200; n += 1) await api.post(bob.user, room, `Chapter ${n}`, root.id);
  const page = await ann.open(`/${team.name}/channels/${room.name}?thread=${root.id}`);
  await alive(page);
  const list = page.locator(".panel-scroll");
  await expect(list.getByText("Chapter 199", { exact: true })).toBeInViewport();
  expect(await upTo(page, list, "A long story")).toBeLessThan(NODES);
  const first = list.getByText("A long story", { exact: true });
  const place = await top(first);
  await api.post(bob.user, room, "The end", root.id);
  await page.waitForTimeout(500);
  expect(await top(first)).toBe(place);
});
