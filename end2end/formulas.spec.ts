// Formulas of LaTeX: set in messages that were there and that come, refused where they are none.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("formulas are set, in the text and by themselves", async ({ ann, bob, api, room }) => {
  await api.post(bob.user, room, "Before: $\\frac{a}{b}$ costs $10/$20");
  const page = await ann.open(room);
  const before = page.locator("main article").filter({ hasText: "Before" });
  await expect(before.locator("math mfrac")).toHaveCount(1);
  await alive(page);
  await api.post(bob.user, room, "After:\n```latex\n\\sum_{i=1}^{n} i^2\n```");
  const after = page.locator("main article").filter({ hasText: "After" });
  await expect(after.locator('math[display="block"] munderover')).toHaveCount(1);
  // What was set by the server is still there, and money is none.
  await expect(before.locator("math")).toHaveCount(1);
  await expect(before).toContainText("$10/$20");
  await api.post(bob.user, room, "Broken: $\\frac{a$ and $\\def\\a{\\a\\a}\\a$");
  const broken = page.locator("main article").filter({ hasText: "Broken" });
  await expect(broken.locator("math")).toHaveCount(0);
  await expect(broken).toContainText("\\def\\a");
  await axe(page);
});
