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

test("a channel that one goes back to is shown as it is by now", async ({ ann, bob, api, room, team, isMobile }) => {
  const other = await api.channel(ann.user, team, `other-${ann.user.username}`, "O", "Other");
  const posts = [];
  for (let n = 0; n < 60; n += 1) posts.push(await api.post(bob.user, room, `Line ${n}`));
  await api.call("POST", "/channels/members/me/view", ann.user.token, { channel_id: room.id });
  const link = `/${team.name}/pl/${posts[3]?.id}`;
  await api.post(ann.user, other, `There it says [what we need](${link})`);
  const page = await ann.open(other);
  await alive(page);
  const go = async (name: string) => {
    if (isMobile) await page.getByRole("link", { name: "Back to channels" }).click();
    await page.locator("a.side-row", { hasText: name }).first().click();
    await expect(page.locator("main.channel h1")).toHaveText(name);
  };
  const list = page.getByRole("log");
  const line = (text: string) => list.getByText(text, { exact: true });

  // A link leads to its message, where the channel was never open and later where it was.
  const follow = async () => {
    await page.getByRole("link", { name: "what we need" }).click();
    await expect(line("Line 3")).toBeInViewport();
    await page.waitForTimeout(500);
    await expect(line("Line 3")).toBeInViewport();
  };
  await follow();
  await go("Other");
  await go("Test Channel");
  await expect(line("Line 59")).toBeInViewport();
  const drawn = list.locator(`#post-${posts[59]?.id}`);
  await drawn.evaluate((element) => Object.assign(element, { drawn: "before" }));
  await go("Other");
  await expect(line("Line 59")).toHaveCount(0);
  await api.post(bob.user, room, "Written meanwhile");
  await api.call("PUT", `/posts/${posts[59]?.id}/patch`, bob.user.token, { message: "Line 59, corrected" });
  await api.call("DELETE", `/posts/${posts[58]?.id}`, bob.user.token);
  await go("Test Channel");
  await expect(list.locator(".new-line")).toBeInViewport();
  await expect(line("Written meanwhile")).toBeInViewport();
  await expect(line("Line 59, corrected")).toBeVisible();
  await expect(line("Line 58")).toHaveCount(0);
  // Not anew.
  expect(await drawn.evaluate((element) => (element as unknown as { drawn?: string }).drawn)).toBe("before");

  // At its end again, wherever one was, once all is read.
  await list.evaluate((element) => element.scrollTo(0, 0));
  await go("Other");
  await page.waitForTimeout(1_000);
  await go("Test Channel");
  await expect(line("Written meanwhile")).toBeInViewport();
  await expect(list.locator(".new-line")).toHaveCount(0);

  await go("Other");
  await follow();
  await expect(list).toHaveCount(1);
});
