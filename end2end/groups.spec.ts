// User groups: made, mentioned, joined and left, archived and restored.

import type { Page } from "@playwright/test";
import { alive, axe, expect, test, unique } from "./support/fixtures.ts";

/** The menu of the team. */
async function teamMenu(page: Page, isMobile: boolean, item: string) {
  if (isMobile) await page.getByRole("link", { name: "Back to channels" }).click();
  await page.locator("button.team-switch").click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

test("a group is made, and a press on its mention tells who is in it", async ({ ann, bob, room, isMobile }) => {
  const name = unique("crew");
  const page = await ann.open(room);
  await alive(page);
  await teamMenu(page, isMobile, "User groups");
  const dialog = page.getByRole("dialog", { name: "User groups" });
  await expect(dialog.getByRole("heading", { name: "User groups", level: 1 })).toBeVisible();
  await dialog.getByRole("link", { name: "New group" }).first().click();
  await dialog.getByLabel("Name", { exact: true }).fill("Ground Crew");
  await expect(dialog.getByLabel("Mentioned as")).toHaveValue("ground-crew");
  await dialog.getByLabel("Mentioned as").fill(name);
  await dialog.getByLabel("Find people").fill(bob.user.username);
  await dialog.getByRole("button", { name: new RegExp(bob.user.username) }).click();
  await axe(page);
  await dialog.getByRole("button", { name: "Make the group" }).click();
  await expect(dialog.getByRole("heading", { name: "Ground Crew", level: 1 })).toBeVisible();
  await expect(dialog.getByText(`@${bob.user.username}`)).toBeVisible();
  await axe(page);

  await dialog.getByRole("link", { name: "Back" }).click();
  await dialog.getByLabel("Find a group").fill(name);
  await expect(dialog.locator("a.settings-item")).toHaveCount(1);
  await axe(page);
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page).not.toHaveURL(/manage=/);

  await page.goto(ann.address(room));
  await alive(page);
  const box = page.getByRole("textbox", { name: /^Message / });
  await box.pressSequentially(`@${name.slice(0, -1)}`);
  await page.getByRole("option", { name: new RegExp(name) }).click();
  await box.pressSequentially("please");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  // Once the server has it, it is drawn anew.
  await expect(page.locator("main article").filter({ hasText: name })).toHaveCount(1);
  await expect(page.locator("main article[data-state]")).toHaveCount(0);
  const mention = page.locator("main article button.mention", { hasText: name });
  await mention.focus();
  await page.keyboard.press("Enter");
  const card = page.getByRole("dialog", { name: "Ground Crew" });
  await expect(card.getByText(`1 person · @${name}`)).toBeVisible();
  await expect(card.getByText(`@${bob.user.username}`)).toBeVisible();
  await axe(page, ".group-card");
  await card.getByRole("link", { name: "Open the group" }).click();
  await expect(dialog.getByRole("heading", { name: "Ground Crew", level: 1 })).toBeVisible();

  // Bob is in it, and is told so.
  const his = await bob.open(room);
  await alive(his);
  await expect(his.locator(".msg[data-mention]", { hasText: name })).toBeVisible();
});

test("people come to a group and leave it; it is archived and comes back", async ({ ann, bob, room, api }) => {
  const name = unique("board");
  const body = { name, display_name: "The Board", source: "custom", allow_reference: true, user_ids: [ann.user.id] };
  const group = await api.call<{ id: string }>("POST", "/groups", ann.user.token, body);
  const page = await ann.open(`${ann.address(room)}?manage=groups.mine`);
  await alive(page);
  const dialog = page.getByRole("dialog", { name: "User groups" });
  await dialog.getByRole("link", { name: "The Board" }).click();
  await dialog.getByRole("button", { name: "Add people" }).click();
  const adding = page.getByRole("dialog", { name: "Add people to The Board" });
  await adding.getByLabel("Find people").fill(bob.user.username);
  await adding.getByRole("button", { name: new RegExp(bob.user.username) }).click();
  await axe(page);
  await adding.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByRole("heading", { name: "Members (2)" })).toBeVisible();
  await dialog.getByRole("button", { name: `Remove ${bob.user.username} from the group` }).click();
  await expect(dialog.getByRole("heading", { name: "Members (1)" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(dialog.getByRole("heading", { name: "Members (2)" })).toBeVisible();

  await dialog.getByRole("button", { name: "Edit" }).click();
  const editing = page.getByRole("dialog", { name: "Edit the group" });
  await editing.getByLabel("Name", { exact: true }).fill("The Whole Board");
  await editing.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("heading", { name: "The Whole Board", level: 1 })).toBeVisible();

  await dialog.getByRole("button", { name: "Leave the group" }).click();
  await expect(dialog.getByRole("heading", { name: "Members (1)" })).toBeVisible();
  await dialog.getByRole("button", { name: "Archive" }).click();
  await page.getByRole("dialog", { name: "Archive The Whole Board?" }).getByRole("button", { name: "Archive" }).click();
  await expect(dialog.getByText("This group is archived.")).toBeVisible();
  await axe(page);
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog.getByRole("heading", { name: "Members (1)" })).toBeVisible();
  expect(group.id).toBeTruthy();
});
