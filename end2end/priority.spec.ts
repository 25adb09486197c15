// Messages that ask to be seen.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("a message is urgent, asks to be acknowledged, and shows who has seen it", async ({ ann, bob, room, team }) => {
  const page = await ann.open(`/${team.name}/channels/${room.name}`);
  const his = await bob.open(`/${team.name}/channels/${room.name}`);
  await Promise.all([alive(page), alive(his)]);
  const composer = page.locator("main form.composer");
  await composer.getByRole("button", { name: "Message priority" }).click();
  const card = page.getByRole("dialog", { name: "Message priority" });
  await card.getByText("Urgent", { exact: true }).click();
  await card.getByText("Request acknowledgement").click();
  await axe(page);
  await card.getByRole("button", { name: "Done" }).click();
  await expect(composer.locator(".composer-asked")).toContainText("Urgent");
  await axe(page);
  await composer.getByRole("textbox").fill("The building is closed tomorrow");
  await composer.getByRole("button", { name: "Send", exact: true }).click();

  const seen = his.locator("main article").filter({ hasText: "The building is closed" });
  await expect(seen.locator(".badge")).toHaveText("Urgent");
  await seen.getByRole("button", { name: "Acknowledge" }).click();
  await expect(seen.getByRole("button", { name: "Acknowledged" })).toHaveAttribute("aria-pressed", "true");
  await axe(his);
  const sent = page.locator("main article").filter({ hasText: "The building is closed" });
  await expect(sent.locator(".acks-count")).toHaveText("Acknowledged by 1");
  await expect(sent.getByRole("button", { name: "Acknowledge" })).toHaveCount(0);
  // It was for that message only, and one may take it back for a while.
  await expect(composer.locator(".composer-asked")).toHaveCount(0);
  await seen.getByRole("button", { name: "Acknowledged" }).click();
  await expect(sent.locator(".acks-count")).toHaveCount(0);
});

test("what a message asks for is part of its draft", async ({ ann, room, team }) => {
  const page = await ann.open(`/${team.name}/channels/${room.name}`);
  await alive(page);
  const composer = page.locator("main form.composer");
  await composer.getByRole("textbox").fill("Please read");
  const saved = page.waitForResponse((answer) => answer.url().endsWith("/api/v4/drafts") && answer.ok());
  await composer.getByRole("button", { name: "Message priority" }).click();
  await page.getByText("Important", { exact: true }).click();
  await page.keyboard.press("Escape");
  await saved;
  const other = await ann.open(`/${team.name}/channels/${room.name}`);
  await alive(other);
  await expect(other.locator(".composer-asked")).toContainText("Important");
});
