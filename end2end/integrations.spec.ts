// What connects other programs with the team: webhooks, slash commands, bots.

import type { Page } from "@playwright/test";
import { alive, axe, expect, test, unique, type Person } from "./support/fixtures.ts";
import type { Api } from "./support/api.ts";

/** A page of the integrations, for somebody who may do everything. */
async function integrations(api: Api, admin: { token: string }, person: Person, page: string): Promise<Page> {
  await api.call("PUT", `/users/${person.user.id}/roles`, admin.token, { roles: "system_user system_admin" });
  const opened = await person.open(`/${person.team.name}/channels/town-square?manage=integrations.${page}`);
  await alive(opened);
  return opened;
}

test("an incoming webhook is made, used, changed and deleted", async ({ ann, api, admin, server }) => {
  const page = await integrations(api, admin, ann, "incoming");
  const dialog = page.getByRole("dialog", { name: "Integrations" });
  await expect(dialog.getByRole("heading", { name: "No incoming webhooks yet" })).toBeVisible();
  await axe(page);
  await dialog.getByRole("link", { name: "New incoming webhook" }).click();
  await dialog.getByLabel("Title").fill("Build lights");
  await dialog.getByLabel("Channel", { exact: true }).selectOption({ label: "Off-Topic" });
  await axe(page);
  await dialog.getByRole("button", { name: "Create" }).click();
  const address = dialog.locator("code.key");
  await expect(address).toContainText("/hooks/");
  const path = new URL((await address.textContent()) ?? "").pathname;
  const answer = await fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify({ text: "The build is green" }) });
  expect(answer.ok).toBeTruthy();
  await axe(page);
  await dialog.getByLabel("Title").fill("Lamps");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("heading", { name: "Lamps", level: 1 })).toBeVisible();
  await dialog.getByRole("link", { name: "Back" }).click();
  await dialog.getByLabel("Find by name, address or description").fill("lam");
  await expect(dialog.locator("li.settings-item")).toHaveCount(1);
  await axe(page);
  await dialog.getByRole("link", { name: /Lamps/ }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog", { name: "Delete Lamps?" }).getByRole("button", { name: "Delete" }).click();
  await expect(dialog.getByRole("heading", { name: "No incoming webhooks yet" })).toBeVisible();
});

test("an outgoing webhook has a token, which can be another one", async ({ ann, api, admin }) => {
  const page = await integrations(api, admin, ann, "outgoing");
  const dialog = page.getByRole("dialog", { name: "Integrations" });
  await dialog.getByRole("link", { name: "New outgoing webhook" }).click();
  await dialog.getByLabel("Title").fill("Weather");
  await dialog.getByLabel("Addresses that are called").fill("https://weather.example.org/hook");
  await expect(dialog.getByRole("button", { name: "Create" })).toBeDisabled();
  await dialog.getByLabel("Words", { exact: true }).fill("weather\nrain");
  await axe(page);
  await dialog.getByRole("button", { name: "Create" }).click();
  const token = dialog.locator("code.key");
  await expect(token).toHaveText(/^[a-z0-9]{26}$/);
  const before = (await token.textContent()) ?? "";
  await dialog.getByRole("button", { name: "Make a new token" }).click();
  await page.getByRole("dialog", { name: "Make a new token?" }).getByRole("button", { name: "Make a new token" }).click();
  await expect(token).not.toHaveText(before);
  await dialog.getByRole("link", { name: "Back" }).click();
  await expect(dialog.getByText("weather, rain, in all public channels")).toBeVisible();
});

test("a slash command is made and offered", async ({ ann, room, api, admin }) => {
  const word = unique("dice");
  const page = await integrations(api, admin, ann, "commands");
  const dialog = page.getByRole("dialog", { name: "Integrations" });
  await dialog.getByRole("link", { name: "New slash command" }).click();
  await dialog.getByLabel("Command", { exact: true }).fill(word);
  await dialog.getByLabel("Address that is called").fill("https://dice.example.org/");
  await dialog.getByLabel(/^What it does/).fill("Throws dice");
  await axe(page);
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("heading", { name: `/${word}`, level: 1 })).toBeVisible();
  await expect(dialog.locator("code.key")).toHaveText(/^[a-z0-9]{26}$/);
  await page.goto(ann.address(room));
  await alive(page);
  await page.getByRole("textbox", { name: /^Message / }).pressSequentially(`/${word.slice(0, 6)}`);
  await expect(page.getByRole("option", { name: /Throws dice/ })).toBeVisible();
});

test("a bot gets a token that is shown once, and is switched off", async ({ ann, api, admin }) => {
  const name = unique("helper");
  const page = await integrations(api, admin, ann, "bots");
  const dialog = page.getByRole("dialog", { name: "Integrations" });
  await dialog.getByRole("link", { name: "New bot" }).first().click();
  await dialog.getByLabel("User name").fill(name);
  await dialog.getByLabel(/^Description/).fill("Helps along");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("heading", { name: `@${name}`, level: 1 })).toBeVisible();
  await dialog.getByLabel("What is it for?").fill("The night build");
  await dialog.getByRole("button", { name: "Make a token" }).click();
  const token = (await dialog.locator("code.key").textContent()) ?? "";
  const me = await api.call<{ username: string }>("GET", "/users/me", token);
  expect(me.username).toBe(name);
  await axe(page);
  await dialog.getByRole("button", { name: "Take back The night build" }).click();
  await page.getByRole("dialog", { name: "Take the token back?" }).getByRole("button", { name: "Take back" }).click();
  await expect(dialog.getByRole("button", { name: "Take back The night build" })).toHaveCount(0);
  await expect(api.call("GET", "/users/me", token)).rejects.toThrow();
  await dialog.getByRole("button", { name: "Switch it off" }).click();
  await page.getByRole("dialog", { name: "Switch the bot off?" }).getByRole("button", { name: "Switch it off" }).click();
  await expect(dialog.getByText("This bot is switched off.")).toBeVisible();
  await dialog.getByRole("link", { name: "Back" }).click();
  await dialog.getByLabel("Find by name, address or description").fill(name);
  await expect(dialog.getByText("Switched off")).toBeVisible();
  await axe(page);
});

test("whoever may not look after integrations is not offered to", async ({ bob, room, isMobile }) => {
  const page = await bob.open(`${bob.address(room)}?manage=integrations.incoming`);
  await alive(page);
  await expect(page.getByRole("heading", { name: "Nothing here is for you" })).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  if (isMobile) await page.getByRole("link", { name: "Back to channels" }).click();
  await page.locator("button.team-switch").click();
  await expect(page.getByRole("menuitem", { name: "Members of the team" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Integrations" })).toHaveCount(0);
});
