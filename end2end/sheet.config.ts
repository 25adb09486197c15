// The contact sheet: every screen, at a desk and on a phone, in light and in dark. `cargo xtask sheet` calls this; what
// it writes is for people to look through, and nothing is held against it.

import base from "./playwright.config.ts";

export default { ...base, testMatch: "sheet.ts", timeout: 600_000, fullyParallel: true };
