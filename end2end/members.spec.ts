// Who is in a channel: seen, found, added and removed in the panel beside it; and joining a team by a link.

import { Server } from "./support/server.ts";
import { Api } from "./support/api.ts";
import { alive, axe, expect, test, unique } from "./support/fixtures.ts";

test("people are added to a channel and removed from it, and both sides see it at once", async ({ ann, api, admin, team, person }) => {
  const quiet = await api.channel(ann.user, team, unique("quiet"), "P", "Quiet corner");
  const carl = await person("carl");
  const his = await carl.open(`/${team.name}/channels/town-square`);
  await alive(his);
  const page = await ann.open(quiet);
  await alive(page);
  await page.getByRole("button", { name: "About the channel" }).click();
  const panel = page.getByRole("complementary", { name: "About Quiet corner" });
  await expect(panel.getByRole("heading", { name: "Members (1)" })).toBeVisible();
  await axe(page);

  await panel.getByRole("button", { name: "Add people" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Find people").fill(carl.user.username);
  await dialog.getByRole("button", { name: new RegExp(carl.user.username) }).click();
  await axe(page);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(panel.getByRole("heading", { name: "Members (2)" })).toBeVisible();
  await expect(panel.getByText(`@${carl.user.username}`)).toBeVisible();
  await expect(his.locator("a.side-row", { hasText: "Quiet corner" })).toHaveCount(1);

  await panel.getByLabel("Find members").fill(carl.user.username);
  await expect(panel.locator("li.person")).toHaveCount(1);
  await panel.getByRole("button", { name: /^What to do with/ }).click();
  await page.getByRole("menuitem", { name: "Remove from the channel" }).click();
  await expect(panel.locator("li.person")).toHaveCount(0);
  await expect(his.locator("a.side-row", { hasText: "Quiet corner" })).toHaveCount(0);
  await expect(panel.getByRole("heading", { name: "Members (1)" })).toBeVisible();
  expect(admin.id).toBeTruthy();
});

test("an invitation link lets people sign up where others may not", async ({ page }) => {
  const server = await Server.start({ CONFAB_TEAMSETTINGS_ENABLEOPENSERVER: "false" });
  try {
    const api = new Api(server);
    const admin = await api.user(unique("host"));
    const team = await api.team(admin, unique("closed"), "Closed Team");
    const { invite_id } = await api.call<{ invite_id: string }>("GET", `/teams/${team.id}`, admin.token);
    await page.goto(`${server.url}/signup_user_complete/?id=${invite_id}`);
    await alive(page);
    await axe(page);
    const name = unique("guest");
    await page.getByLabel("Email", { exact: true }).fill(`${name}@example.com`);
    await page.getByLabel("User name", { exact: true }).fill(name);
    await page.getByLabel("Password", { exact: true }).fill("A-long-password-1");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page).toHaveURL(new RegExp(`/${team.name}(/channels/town-square)?$`));
    await expect(page.locator("nav.sidebar")).toHaveAttribute("aria-label", "Channels of Closed Team");
  } finally {
    await server.remove();
  }
});
