// How quick the page is, in figures. `cargo xtask speed` calls this with a release build; nothing else should run meanwhile.

import base from "./playwright.config.ts";

export default {
  ...base,
  testMatch: "speed.ts",
  timeout: 900_000,
  workers: 1,
  use: { ...base.use, trace: "off", screenshot: "off" },
  projects: base.projects?.filter((project) => project.name === "desktop"),
};
