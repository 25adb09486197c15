// What a page costs: cold, on a slow machine and network; and what a press, a key and a long list cost after that.
// It prints figures and holds the page to none but what people would notice at once.

import type { CDPSession, Page } from "@playwright/test";
import { alive, expect, test, type Channel } from "./support/fixtures.ts";

/** A laptop of some years, on a line of 20 Mbit/s and 40 ms. */
const CPU = 4;
const LINE = { offline: false, latency: 40, downloadThroughput: 20_000_000 / 8, uploadThroughput: 20_000_000 / 8 };

function say(what: string, figure: string): void {
  console.log(`  ${what.padEnd(58)} ${figure}`);
}

function part(list: number[], share: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

interface Loaded {
  address: string;
  bytes: number;
  at: number;
}

/** Every file of a page, as it came over the line. */
async function listen(session: CDPSession): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  const addresses = new Map<string, string>();
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", ({ requestId, request }) => addresses.set(requestId, request.url));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    loaded.push({ address: addresses.get(requestId) ?? "", bytes: encodedDataLength, at: Date.now() });
  });
  return loaded;
}

const sum = (loaded: Loaded[]) => loaded.reduce((all, { bytes }) => all + bytes, 0);

test("a channel page, cold", async ({ ann, bob, api, room }) => {
  for (let n = 0; n < 40; n += 1) await api.post(n % 2 ? ann.user : bob.user, room, `Message ${n}: what we said of the **plan**, and a link https://example.org/${n}`);
  const rows: { lcp: number; alive: number; bytes: number; whole: number }[] = [];
  for (let round = 0; round < 5; round += 1) {
    const page = await ann.open("about:blank");
    const session = await page.context().newCDPSession(page);
    const loaded = await listen(session);
    await session.send("Network.emulateNetworkConditions", LINE);
    await session.send("Emulation.setCPUThrottlingRate", { rate: CPU });
    await page.addInitScript(() => {
      const known = window as unknown as { lcp: number; alive: number };
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) known.lcp = entry.startTime;
      }).observe({ type: "largest-contentful-paint", buffered: true });
      new MutationObserver(() => {
        if (document.documentElement.dataset.alive !== undefined) known.alive ??= performance.now();
      }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-alive"] });
    });
    await page.goto(ann.address(room), { waitUntil: "commit" });
    await alive(page);
    const bytes = sum(loaded);
    await page.waitForTimeout(5_000);
    const { lcp, alive: at } = await page.evaluate(() => {
      const known = window as unknown as { lcp: number; alive: number };
      return { lcp: known.lcp, alive: known.alive };
    });
    rows.push({ lcp, alive: at, bytes, whole: sum(loaded) });
    if (round === 0) {
      for (const file of loaded.filter((f) => f.bytes > 2_000).sort((a, b) => b.bytes - a.bytes).slice(0, 12)) {
        say(`    ${new URL(file.address).pathname.split("/").pop()}`, `${(file.bytes / 1000).toFixed(1)} kB`);
      }
    }
    await page.context().close();
  }
  const middle = (of: (row: (typeof rows)[number]) => number) => part(rows.map(of), 0.5);
  say("largest contentful paint, median of 5", `${middle((r) => r.lcp).toFixed(0)} ms`);
  say("alive (events are answered)", `${middle((r) => r.alive).toFixed(0)} ms`);
  say("over the line until alive", `${(middle((r) => r.bytes) / 1000).toFixed(1)} kB`);
  say("over the line after 5 s more", `${(middle((r) => r.whole) / 1000).toFixed(1)} kB`);
  expect(middle((r) => r.lcp)).toBeGreaterThan(0);
});

/** Notes how long the browser took to answer what a person does, until the next frame is drawn. */
async function watch(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const known = window as unknown as { events: number[] };
    known.events = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEventTiming & { interactionId?: number })[]) {
        if (entry.interactionId) known.events.push(entry.duration);
      }
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
  return async () => {
    await page.waitForTimeout(300);
    return page.evaluate(() => {
      const known = window as unknown as { events: number[] };
      return known.events.splice(0);
    });
  };
}

async function fill(api: { post: (by: { token: string }, channel: Channel, text: string, root?: string) => Promise<{ id: string }> }, by: { token: string }, channel: Channel, count: number): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      await api.post(by, channel, `Line ${next}: ${"a few words of a message ".repeat(1 + (next % 4))}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

test("keys, presses and 10,000 posts", async ({ ann, bob, api, room, team }) => {
  const other = await api.channel(ann.user, team, `other-${ann.user.username}`, "O", "Other");
  await api.post(ann.user, other, "Here too");
  await fill(api as never, bob.user, room, 10_000);
  const root = await api.post(bob.user, room, "A thread to open");
  for (let n = 0; n < 20; n += 1) await api.post(bob.user, room, `Reply ${n}`, root.id);
  const page = await ann.open(room);
  await alive(page);
  await page.waitForTimeout(2_000);
  const events = await watch(page);

  const box = page.locator("main form.composer").getByRole("textbox");
  await box.click();
  await events();
  await box.pressSequentially("What one writes while others talk, and how long each key takes until it shows.", { delay: 30 });
  const keys = await events();
  say("a key, p98 (under 16 ms are not counted)", `${part(keys, 0.98).toFixed(0)} ms, ${keys.length} over 16 ms`);
  await box.fill("");

  const switches: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const name = n % 2 ? "Test Channel" : "Other";
    await page.locator("a.side-row", { hasText: name }).first().click();
    await expect(page.locator("main.channel h1")).toHaveText(name);
    switches.push(...(await events()));
  }
  say("switching channel, p98", `${part(switches, 0.98).toFixed(0)} ms`);
  const threads: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    await page.locator("main a.thread-summary").last().click();
    await expect(page.getByRole("complementary")).toBeVisible();
    threads.push(...(await events()));
    await page.getByRole("complementary").getByRole("button", { name: "Close" }).first().click();
    await events();
  }
  say("opening a thread, p98", `${part(threads, 0.98).toFixed(0)} ms`);

  // Back through the channel, as a wheel does it.
  const list = page.locator(".messages, [role=log]").first();
  await list.hover();
  await page.evaluate(() => {
    const known = window as unknown as { frames: number[]; stop: boolean };
    known.frames = [];
    known.stop = false;
    let before = performance.now();
    const frame = (now: number) => {
      known.frames.push(now - before);
      before = now;
      if (!known.stop) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  let most = 0;
  const begun = Date.now();
  while (Date.now() - begun < 60_000) {
    await page.mouse.wheel(0, -900);
    await page.waitForTimeout(50);
    most = Math.max(most, await page.evaluate(() => document.querySelectorAll("main *").length));
    if (await page.getByText("Line 1:", { exact: false }).first().isVisible().catch(() => false)) break;
  }
  const frames = await page.evaluate(() => {
    const known = window as unknown as { frames: number[]; stop: boolean };
    known.stop = true;
    return known.frames;
  });
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  say("frames while scrolling, p50, p99", `${part(frames, 0.5).toFixed(1)} ms, ${part(frames, 0.99).toFixed(1)} ms`);
  say("frames longer than 50 ms", `${frames.filter((ms) => ms > 50).length} of ${frames.length}`);
  say("elements of the channel at most, of the page at the end", `${most}, ${nodes}`);
  expect(most).toBeLessThanOrEqual(1_500);
});
