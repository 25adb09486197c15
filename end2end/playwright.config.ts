// What people do, at a desk and on a phone, in the system's Chromium. `cargo xtask test end2end`
// builds the server, names it in CONFAB_BIN and calls this; fixtures start it.

import { defineConfig } from "@playwright/test";

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** No sandbox, since tests may run as root; and nothing that talks to the outside by itself. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "test-results",
  // Each worker has its own server and browser: two keep two cores busy.
  workers: Number(process.env.END2END_WORKERS ?? 2),
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: chromium, args: flags },
    locale: "en-US",
    timezoneId: "UTC",
    // Where a test is about it, it allows it: elsewhere a kept page would hide what the server does.
    serviceWorkers: "block",
    actionTimeout: 10_000,
    // A trace of every test takes a quarter of the time: to be asked for, `TRACE=1`. What a failed test saw last is kept always.
    trace: process.env.TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } },
  ],
});
