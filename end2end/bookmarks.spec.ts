// What a channel keeps at hand.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("links are kept below a channel's name, changed, moved and removed", async ({ ann, bob, room, team }) => {
  const page = await ann.open(`/${team.name}/channels/${room.name}`);
  const his = await bob.open(`/${team.name}/channels/${room.name}`);
  await Promise.all([alive(page), alive(his)]);
  await page.locator(".channel-name").click();
  await page.getByRole("menuitem", { name: "Add a bookmark…" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a bookmark" });
  await dialog.getByLabel("Address").fill("example.org/handbook");
  await dialog.getByLabel("Name").fill("Handbook");
  await dialog.getByLabel("Emoji").fill(":rocket:");
  await axe(page);
  await dialog.getByRole("button", { name: "Save" }).click();

  const bar = his.getByRole("navigation", { name: "Bookmarks" });
  await expect(bar.getByRole("link", { name: "Handbook" })).toHaveAttribute("href", "https://example.org/handbook");
  await expect(bar.locator(".bookmark-emoji")).toContainText("🚀");
  await bar.getByRole("button", { name: "Add a bookmark" }).click();
  await his.getByRole("dialog", { name: "Add a bookmark" }).getByLabel("Address").fill("https://example.org/plan");
  await his.getByRole("dialog", { name: "Add a bookmark" }).getByRole("button", { name: "Save" }).click();
  await expect(bar.getByRole("link")).toHaveText(["🚀Handbook", "example.org/plan"]);
  await axe(his);

  const hers = page.getByRole("navigation", { name: "Bookmarks" });
  await hers.getByRole("button", { name: "What to do with example.org/plan" }).click();
  await page.getByRole("menuitem", { name: "Move to the front" }).click();
  await expect(bar.getByRole("link")).toHaveText(["example.org/plan", "🚀Handbook"]);
  await hers.getByRole("button", { name: "What to do with example.org/plan" }).click();
  await page.getByRole("menuitem", { name: "Edit the bookmark" }).click();
  await page.getByRole("dialog", { name: "Edit the bookmark" }).getByLabel("Name").fill("Plan");
  await page.getByRole("dialog", { name: "Edit the bookmark" }).getByRole("button", { name: "Save" }).click();
  await expect(bar.getByRole("link")).toHaveText(["Plan", "🚀Handbook"]);

  // Removed by mistake, it comes back.
  await hers.getByRole("button", { name: "What to do with Plan" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(bar.getByRole("link")).toHaveText(["🚀Handbook"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(bar.getByRole("link")).toHaveText(["🚀Handbook", "Plan"]);
  // It is there when one comes anew.
  const again = await ann.open(`/${team.name}/channels/${room.name}`);
  await expect(again.getByRole("navigation", { name: "Bookmarks" }).getByRole("link")).toHaveText(["🚀Handbook", "Plan"]);
});

test("a file is kept at hand", async ({ ann, room, team }) => {
  const page = await ann.open(`/${team.name}/channels/${room.name}`);
  await alive(page);
  await page.locator(".channel-name").click();
  await page.getByRole("menuitem", { name: "Add a bookmark…" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a bookmark" });
  const file = { name: "minutes.txt", mimeType: "text/plain", buffer: Buffer.from("We met.") };
  await dialog.locator('input[type="file"]').setInputFiles(file);
  await expect(dialog.getByLabel("Name")).toHaveValue("minutes.txt");
  await dialog.getByRole("button", { name: "Save" }).click();
  const link = page.getByRole("navigation", { name: "Bookmarks" }).getByRole("link", { name: "minutes.txt" });
  await expect(link).toHaveAttribute("href", /\/api\/v4\/files\/[a-z0-9]{26}$/);
  const got = await page.request.get((await link.getAttribute("href")) ?? "");
  expect(await got.text()).toBe("We met.");
});
