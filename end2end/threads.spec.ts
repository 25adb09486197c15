// The threads one follows come together in one list, with what is new in them.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("replies wait in the list of threads until they are read", async ({ ann, bob, api, team, room }) => {
  const root = await api.post(ann.user, room, "Where shall we eat?");
  const page = await ann.open(`/${team.name}/threads`);
  await alive(page);
  await expect(page.getByText("No threads yet")).toBeVisible();
  await axe(page);

  await api.post(bob.user, room, "At the corner", root.id);
  const row = page.locator(".inbox-row");
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("Where shall we eat?");
  await expect(row).toContainText("1 new reply");
  await api.post(bob.user, room, `Or at the harbour, @${ann.user.username}?`, root.id);
  await expect(row).toContainText("2 new replies");
  await expect(row.locator(".pill-mention")).toHaveText("1");
  await expect(page.getByRole("button", { name: "Unread (1)" })).toBeVisible();
  await axe(page);

  await row.getByRole("link").click();
  const thread = page.getByRole("complementary", { name: /^Thread in/ });
  await expect(thread.getByRole("article").filter({ hasText: "At the corner" })).toHaveCount(1);
  await thread.getByRole("textbox").fill("The harbour!");
  await thread.getByRole("textbox").press("Enter");
  await expect(thread.getByRole("article").filter({ hasText: "The harbour!" })).toHaveCount(1);
  await axe(page);
  await page.goto(`/${team.name}/threads`);
  await alive(page);
  await expect(row).toContainText("3 replies");
  await expect(page.getByRole("button", { name: "Mark all as read" })).toBeDisabled();
});

test("a thread is followed and left where it is read", async ({ ann, bob, api, room, team }) => {
  const root = await api.post(bob.user, room, "Who has the key?");
  await api.post(bob.user, room, "Found it", root.id);
  const page = await ann.open(`/${team.name}/channels/${room.name}?thread=${root.id}`);
  await alive(page);
  const thread = page.getByRole("complementary", { name: /^Thread in/ });
  // It shows at once; another page would take the call's answer away.
  const told = page.waitForResponse((answer) => answer.url().endsWith("/following") && answer.ok());
  await thread.getByRole("button", { name: "Follow", exact: true }).click();
  await expect(thread.getByRole("button", { name: "Following" })).toHaveAttribute("aria-pressed", "true");
  await told;
  await page.goto(`/${team.name}/threads`);
  await alive(page);
  await expect(page.locator(".inbox-row")).toHaveCount(1);
  await page.locator(".inbox-row").hover();
  await page.getByRole("button", { name: "Stop following" }).click();
  await expect(page.locator(".inbox-row")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator(".inbox-row")).toHaveCount(1);
});

test("one can search from the list of threads", async ({ ann, api, room, team }) => {
  await api.post(ann.user, room, "The heron is back");
  const page = await ann.open(`/${team.name}/threads`);
  await alive(page);
  await page.getByRole("main", { name: "Threads" }).getByRole("button", { name: "Search" }).click();
  await page.getByRole("combobox", { name: "Search" }).fill("heron");
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Search" });
  await expect(panel.getByText("The heron is back")).toBeVisible();
  await axe(page);
});
