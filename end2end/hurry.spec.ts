// People who do not wait for answers: what comes late finds that they have gone on, and breaks nothing. What would break
// is an error in the page's script, on which every test fails (`support/fixtures.ts`).

import type { Page } from "@playwright/test";
import { alive, expect, test, unique } from "./support/fixtures.ts";

/** How late each answer comes, in milliseconds: late enough for anything below to be done before. */
const LATE = 900;

/** From here on every answer of the API comes late. */
async function slowly(page: Page) {
  await page.route("**/api/v4/**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, LATE));
    // The page may be closed by now.
    await route.continue().catch(() => undefined);
  });
}

/** Waits for all that is under way to arrive. */
const arrived = (page: Page) => page.waitForTimeout(2 * LATE);

/** The page still answers. */
async function answers(page: Page) {
  await page.unrouteAll({ behavior: "ignoreErrors" });
  const box = page.locator("main form.composer").getByRole("textbox");
  const text = unique("Still here");
  await box.fill(text);
  await box.press("Enter");
  await expect(page.locator("main article", { hasText: text })).toHaveCount(1);
  await expect(page.locator("main article[data-state]")).toHaveCount(0);
}

test("settings are left before they are filled", async ({ ann, room }) => {
  const page = await ann.open(room);
  await alive(page);
  // Once, so that the code is there.
  await page.goto(`${ann.address(room)}?settings=profile`);
  await alive(page);
  const dialog = page.getByRole("dialog", { name: "Settings" });
  await expect(dialog.getByRole("heading", { name: "Profile", level: 1 })).toBeVisible();
  await slowly(page);
  const all = page.locator(".settings-link");
  for (const title of ["Security", "Profile", "Notifications", "Profile", "Display", "Sidebar", "Profile", "Advanced"]) {
    // Narrow, the list is behind the page; a press of a script reaches it all the same.
    await all.filter({ hasText: title }).evaluate((link: HTMLElement) => link.click());
    await expect(dialog.getByRole("heading", { name: title, level: 1 })).toHaveCount(1);
  }
  await all.filter({ hasText: "Profile" }).evaluate((link: HTMLElement) => link.click());
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await arrived(page);
  await answers(page);
});

test("what is made is left before it is made", async ({ ann, bob, room, api, admin }) => {
  const group = await api.call<{ id: string }>("POST", "/groups", admin.token, {
    group: { name: unique("crew"), display_name: "Crew", source: "custom", allow_reference: true },
    user_ids: [ann.user.id],
  });
  await api.call("PUT", `/users/${ann.user.id}/roles`, admin.token, { roles: "system_user system_admin" });
  const page = await ann.open(`${ann.address(room)}?manage=integrations.incoming.new`);
  await alive(page);
  const dialog = page.getByRole("dialog", { name: "Integrations" });
  await dialog.getByLabel("Title").fill("Build lights");
  await dialog.getByLabel("Channel", { exact: true }).selectOption({ label: "Off-Topic" });
  await slowly(page);
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await arrived(page);
  // The answer does not lead back to what was left.
  await expect(page).not.toHaveURL(/manage=/);
  await answers(page);

  await page.goto(`${ann.address(room)}?manage=groups.all.${group.id}`);
  await alive(page);
  const groups = page.getByRole("dialog", { name: "User groups" });
  await groups.getByRole("button", { name: "Add people" }).click();
  await slowly(page);
  const add = page.getByRole("dialog", { name: /Add people/ });
  await add.getByLabel("Find people").fill(bob.user.username);
  await add.getByRole("button", { name: "Close" }).click();
  await expect(add).toHaveCount(0);
  await groups.getByRole("button", { name: "Close" }).click();
  await expect(groups).toHaveCount(0);
  await arrived(page);
  await answers(page);
});

test("a channel is left before its newest posts are there", async ({ ann, bob, room, api, team, isMobile }) => {
  const first = await api.post(bob.user, room, "The first");
  for (let n = 0; n < 90; n += 1) await api.post(bob.user, room, `Line ${n}`);
  const page = await ann.open(`/${team.name}/pl/${first.id}`);
  await alive(page);
  await expect(page.locator("main article", { hasText: "The first" })).toBeVisible();
  await slowly(page);
  await page.locator("button.jump").click();
  if (isMobile) await page.getByRole("link", { name: "Back to channels" }).click();
  await page.locator("a.side-row", { hasText: "Off-Topic" }).click();
  await expect(page.locator("main.channel h1")).toHaveText("Off-Topic");
  await arrived(page);
  await answers(page);
});
