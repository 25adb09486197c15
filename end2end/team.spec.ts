// The team, looked after: what it is called, who may join, who is in it, inviting, leaving, archiving.

import type { Page } from "@playwright/test";
import { Mailbox } from "./support/mailbox.ts";
import { Server } from "./support/server.ts";
import { Api } from "./support/api.ts";
import { alive, axe, expect, PASSWORD, test, unique, type Person } from "./support/fixtures.ts";

/** A page of the team's settings, for an administrator of the team. */
async function settings(api: Api, admin: { token: string }, person: Person, page: string): Promise<Page> {
  const { user, team } = person;
  const roles = { scheme_admin: true, scheme_user: true };
  await api.call("PUT", `/teams/${team.id}/members/${user.id}/schemeRoles`, admin.token, roles);
  const opened = await person.open(`/${team.name}/channels/town-square?manage=team.${page}`);
  await alive(opened);
  return opened;
}

test("a team is called otherwise, and looks otherwise", async ({ ann, bob, api, admin, team }) => {
  const page = await settings(api, admin, ann, "general");
  const his = await bob.open(`/${team.name}/channels/town-square`);
  await alive(his);
  const dialog = page.getByRole("dialog", { name: "Team settings" });
  await dialog.getByLabel("Name of the team").fill("Night Shift");
  await dialog.getByLabel(/^Description/).fill("Those who are awake");
  await axe(page);
  await dialog.getByRole("button", { name: "Save" }).last().click();
  await expect(his.locator("nav.sidebar")).toHaveAttribute("aria-label", "Channels of Night Shift");
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==";
  await dialog.locator("input[type=file]").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from(png, "base64") });
  await expect(dialog.locator("img.avatar-img")).toBeVisible();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(dialog.locator("img.avatar-img")).toHaveCount(0);
});

test("who may join is decided in one place, and a link can be made void", async ({ ann, api, admin, team }) => {
  const page = await settings(api, admin, ann, "access");
  const dialog = page.getByRole("dialog", { name: "Team settings" });
  await dialog.getByRole("switch", { name: /^Everybody on this server/ }).check();
  await expect.poll(async () => (await api.call<{ allow_open_invite: boolean }>("GET", `/teams/${team.id}`, admin.token)).allow_open_invite).toBe(true);
  await dialog.getByLabel(/^Allowed domains/).fill("example.com");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".toast", { hasText: "Saved" })).toBeVisible();
  const before = await dialog.locator("code.key").textContent();
  expect(before).toContain("/signup_user_complete/?id=");
  await axe(page);
  await dialog.getByRole("button", { name: "Make a new link" }).click();
  await page.getByRole("dialog", { name: "Make a new invitation link?" }).getByRole("button", { name: "Make a new link" }).click();
  await expect(dialog.locator("code.key")).not.toHaveText(before ?? "");
});

test("members get roles and are removed", async ({ ann, bob, api, admin, team }) => {
  const page = await settings(api, admin, ann, "members");
  const dialog = page.getByRole("dialog", { name: "Team settings" });
  await dialog.getByLabel("Find members").fill(bob.user.username);
  await expect(dialog.locator("li.person")).toHaveCount(1);
  await axe(page);
  await dialog.getByRole("button", { name: /^What to do with/ }).click();
  await page.getByRole("menuitem", { name: "Make an administrator of the team" }).click();
  await expect(dialog.locator("li.person").getByText("Admin", { exact: true })).toBeVisible();
  await dialog.getByRole("button", { name: /^What to do with/ }).click();
  await page.getByRole("menuitem", { name: "Remove from the team" }).click();
  await page.getByRole("dialog", { name: /^Remove .* from the team\?$/ }).getByRole("button", { name: "Remove from the team" }).click();
  await expect(dialog.locator("li.person")).toHaveCount(0);
  const members = await api.call<unknown[]>("POST", `/teams/${team.id}/members/ids`, admin.token, [bob.user.id]);
  expect((members as { delete_at: number }[]).filter((member) => member.delete_at === 0)).toHaveLength(0);
});

test("whoever may not change a team is not offered to, and can leave", async ({ bob, room, isMobile }) => {
  const page = await bob.open(room);
  await alive(page);
  if (isMobile) await page.getByRole("link", { name: "Back to channels" }).click();
  await page.locator("button.team-switch").click();
  await expect(page.getByRole("menuitem", { name: "Members of the team" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Team settings" })).toHaveCount(0);
  await page.getByRole("menuitem", { name: "Leave the team" }).click();
  const dialog = page.getByRole("dialog", { name: "Team settings" });
  await axe(page);
  await dialog.getByRole("button", { name: "Leave the team" }).click();
  await page.getByRole("dialog", { name: "Leave Test Team?" }).getByRole("button", { name: "Leave the team" }).click();
  await expect(page).toHaveURL(/\/select_team$/);
});

test("a team is archived by whoever types its name", async ({ ann, api, admin }) => {
  const page = await settings(api, admin, ann, "leave");
  const dialog = page.getByRole("dialog", { name: "Team settings" });
  await dialog.getByRole("button", { name: "Archive the team" }).click();
  const asking = page.getByRole("dialog", { name: "Archive Test Team?" });
  const archive = asking.getByRole("button", { name: "Archive the team" });
  await expect(archive).toBeDisabled();
  await asking.getByLabel("Type Test Team to be sure").fill("Test Team");
  await axe(page);
  await archive.click();
  await expect(page).toHaveURL(/\/select_team$/);
});

test("people and guests are invited by mail, and a guest signs in without a password", async ({ page, context, browser }) => {
  const mailbox = await Mailbox.start();
  const server = await Server.start({
    ...mailbox.environment,
    CONFAB_GUESTACCOUNTSSETTINGS_ENABLE: "true",
    CONFAB_GUESTACCOUNTSSETTINGS_ENABLEGUESTMAGICLINK: "true",
  });
  try {
    const api = new Api(server);
    const host = await api.user(unique("host"));
    const team = await api.team(host, unique("team"), "Hosts");
    await context.request.post(`${server.url}/api/v4/users/login`, {
      headers: { "X-Requested-With": "XMLHttpRequest" },
      data: { login_id: host.username, password: PASSWORD },
    });
    await page.goto(`${server.url}/${team.name}/channels/town-square?manage=team.invite`);
    await alive(page);
    const dialog = page.getByRole("dialog", { name: "Team settings" });
    const [members, guests] = [dialog.locator("form").first(), dialog.locator("form").last()];
    await members.getByLabel("Mail addresses").fill("one@example.com, no-address");
    await members.getByRole("button", { name: "Send invitations" }).click();
    await expect(members.getByText("Invited")).toBeVisible();
    await expect(members.getByLabel("Mail addresses")).toHaveValue("no-address");
    await expect(guests.getByRole("button", { name: "Send invitations" })).toBeDisabled();
    await guests.getByLabel("Mail addresses").fill("guest@example.com");
    await guests.getByLabel("Find a channel").fill("off");
    await guests.getByRole("checkbox", { name: "Off-Topic" }).check();
    await guests.getByLabel(/^A word to go with it/).fill("Welcome!");
    await guests.getByRole("switch", { name: "Without a password" }).check();
    await axe(page);
    await guests.getByRole("button", { name: "Send invitations" }).click();
    await expect(guests.getByText("Invited")).toBeVisible();

    const visit = await browser.newContext();
    const guest = await visit.newPage();
    const link = async (words: string) => {
      const { text } = await mailbox.take("guest@example.com", words);
      return server.url + (/\/login\/one_time_link\?t=\w+/.exec(text ?? "")?.[0] ?? "");
    };
    const enter = async (address: string) => {
      await guest.goto(address);
      await axe(guest);
      await guest.getByRole("button", { name: "Sign in" }).click();
    };
    const first = await link("invited you");
    await enter(first);
    await expect(guest.getByRole("heading", { level: 1, name: "Off-Topic" })).toBeVisible();
    await visit.clearCookies();
    await enter(first);
    await expect(guest.getByText("This link is not valid")).toBeVisible();
    await guest.getByRole("link", { name: "Ask for another link" }).click();
    await expect(guest.getByRole("heading", { name: "Ask for another link" })).toBeVisible();
    await guest.getByLabel("Email").fill("guest@example.com");
    await guest.getByRole("button", { name: "Send the link" }).click();
    await enter(await link("Your link to sign in"));
    await expect(guest.getByRole("heading", { level: 1, name: "Off-Topic" })).toBeVisible();
    await visit.close();
  } finally {
    await server.remove();
    await mailbox.remove();
  }
});
