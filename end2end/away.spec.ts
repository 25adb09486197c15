// The server is out of reach altogether: the app still opens, what is written waits, and goes out once and in order.

import { alive, axe, expect, test } from "./support/fixtures.ts";
import type { Page } from "@playwright/test";

const message = (page: Page, text: string) => page.getByRole("article").filter({ hasText: text });

/** Waits until the page is kept for when there is no network. */
async function kept(page: Page) {
  await expect
    .poll(() => page.evaluate(async () => (await (await caches.open("pages-1")).keys()).map(({ url }) => new URL(url).pathname)), { timeout: 20_000 })
    .toContain(new URL(page.url()).pathname);
  // Everything the app is made of, not only what this page has loaded.
  const missing = async () => {
    const { files } = (await (await fetch("/static/manifest.json", { cache: "no-store" })).json()) as { files: Record<string, { path: string }> };
    const paths = Object.values(files).map(({ path }) => path).filter((path) => path.startsWith("pkg/"));
    const cache = await caches.open("files-1");
    const found = await Promise.all(paths.map((path) => cache.match(`/static/${path}`)));
    return paths.length > 0 ? paths.filter((_, at) => !found[at]) : ["every file"];
  };
  await expect.poll(() => page.evaluate(missing), { timeout: 20_000 }).toEqual([]);
}

test("what is written without a network survives a reload and is sent once, in order", async ({ ann, bob, api, room }) => {
  await api.post(bob.user, room, "Said before");
  const page = await ann.open(room, { serviceWorkers: "allow" });
  await alive(page);
  await kept(page);

  await page.context().setOffline(true);
  const box = page.getByRole("textbox", { name: /^Message/ });
  for (const text of ["first of three", "second of three"]) {
    await box.fill(text);
    await box.press("Enter");
    await expect(message(page, text)).toHaveAttribute("data-state", "waiting");
  }
  await expect(message(page, "first of three")).toContainText("Will be sent when Confab can be reached");
  await axe(page);

  await page.reload();
  await alive(page);
  await expect(message(page, "Said before")).toHaveCount(1);
  for (const text of ["first of three", "second of three"]) await expect(message(page, text)).toHaveAttribute("data-state", "waiting");
  await box.fill("third of three");
  await box.press("Enter");
  // What one thinks better of is not sent.
  await box.fill("not this one");
  await box.press("Enter");
  await message(page, "not this one").getByRole("button", { name: "Discard" }).click();

  await page.context().setOffline(false);
  const ofThree = async () => {
    const { order, posts } = await api.call<{ order: string[]; posts: Record<string, { message: string }> }>("GET", `/channels/${room.id}/posts`, bob.user.token);
    return order.map((id) => posts[id].message).filter((text) => / of three|not this/.test(text)).reverse();
  };
  await expect.poll(ofThree, { timeout: 45_000 }).toEqual(["first of three", "second of three", "third of three"]);
  for (const text of ["first of three", "second of three", "third of three"]) {
    await expect(message(page, text)).toHaveCount(1);
    await expect(message(page, text)).not.toHaveAttribute("data-state", "waiting");
  }
  await page.reload();
  await alive(page);
  await expect(message(page, "first of three")).toHaveCount(1);
});

test("whoever signs out leaves nothing in the browser", async ({ ann, room, isMobile }) => {
  const page = await ann.open(room, { serviceWorkers: "allow" });
  await alive(page);
  await kept(page);
  if (isMobile) await page.getByRole("link", { name: "Back to channels" }).click();
  await page.locator("button.me").click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/login/);
  await expect.poll(() => page.evaluate(() => caches.has("pages-1"))).toBe(false);
});

test("the app can be installed", async ({ ann, room }) => {
  const page = await ann.open(room);
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>("link[rel=manifest]");
    return (await fetch(link?.href ?? "")).json() as Promise<{ display: string; start_url: string; icons: { src: string; sizes: string }[] }>;
  });
  expect(manifest.display).toBe("standalone");
  expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(["192x192", "512x512"]));
  for (const { src } of manifest.icons) expect((await page.request.get(src)).status()).toBe(200);
});
