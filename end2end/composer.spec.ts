// What one writes with: marks and a look at them, and what comes from other programs.

import { alive, axe, expect, test } from "./support/fixtures.ts";
import type { Page } from "@playwright/test";

const box = (page: Page) => page.locator("main form.composer").getByRole("textbox");

/** Pastes a text in the forms that another program gives it. */
const paste = (page: Page, forms: Record<string, string>) =>
  page.evaluate((forms) => {
    const data = new DataTransfer();
    for (const [kind, text] of Object.entries(forms)) data.setData(kind, text);
    const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data });
    document.querySelector("main form.composer textarea")?.dispatchEvent(event);
  }, forms);

test("what one writes is looked at before it is sent", async ({ ann, bob, room }) => {
  const page = await ann.open(room);
  await alive(page);
  await page.getByRole("button", { name: "Formatting" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview).toContainText("Nothing written yet");
  await box(page).fill("This is **important**\n\n| a | b |\n|---|---|\n| 1 | 2 |");
  await expect(preview.locator("strong")).toHaveText("important");
  await expect(preview.getByRole("cell", { name: "2" })).toBeVisible();
  await axe(page);
  // Marks around what is selected can be taken back, as what is typed.
  await box(page).fill("plain");
  await box(page).selectText();
  await page.getByRole("button", { name: "Bold" }).click();
  await expect(box(page)).toHaveValue("**plain**");
  await box(page).press("Control+z");
  await expect(box(page)).toHaveValue("plain");
  await box(page).press("Control+b");
  await expect(preview.locator("strong")).toHaveText("plain");
  await box(page).press("Enter");
  await expect(page.getByRole("article").filter({ hasText: "plain" }).locator("strong")).toHaveText("plain");
  await expect(preview).toContainText("Nothing written yet");
  await box(page).press("Control+Alt+p");
  await expect(preview).toHaveCount(0);

  const his = await bob.open(room);
  await expect(his.getByRole("article").filter({ hasText: "plain" }).locator("strong")).toHaveText("plain");
});

test("tables, code and addresses are pasted as what they are", async ({ ann, room }) => {
  const page = await ann.open(room);
  await alive(page);
  await box(page).fill("Figures:");
  const rows = "<tr><th>Month</th><th>Sold</th></tr><tr><td>May</td><td>1|2</td></tr>";
  await paste(page, { "text/plain": "Month\tSold\nMay\t1|2", "text/html": `<html><body><table>${rows}</table></body></html>` });
  await expect(box(page)).toHaveValue("Figures:\n\n| Month | Sold |\n| --- | --- |\n| May | 1\\|2 |\n");
  await box(page).press("Control+z");
  await expect(box(page)).toHaveValue("Figures:");

  await box(page).fill("");
  await paste(page, { "text/plain": "fn a() {\n}", "vscode-editor-data": JSON.stringify({ version: 1, mode: "rust" }) });
  await expect(box(page)).toHaveValue("```rust\nfn a() {\n}\n```\n");
  // Inside of code it stays as it is.
  await box(page).fill("```\n");
  await paste(page, { "text/plain": "a\tb", "text/html": "<table><tr><td>a</td><td>b</td></tr></table>" });
  await expect(box(page)).toHaveValue("```\na\tb");

  // A page with more than a table is its text.
  await box(page).fill("");
  await paste(page, { "text/plain": "See a b", "text/html": "<p>See</p><table><tr><td>a</td><td>b</td></tr></table>" });
  await expect(box(page)).toHaveValue("See a b");

  await box(page).fill("here");
  await box(page).selectText();
  await paste(page, { "text/plain": "https://example.org/x" });
  await expect(box(page)).toHaveValue("[here](https://example.org/x)");
});

test("pictures are shown where they are named, and links to this server open in place", async ({ ann, bob, api, room, team, baseURL }) => {
  const other = await api.channel(ann.user, team, `other-${ann.user.username}`, "O", "The Other Room");
  const picture = `${baseURL}/icon-192.png`;
  await api.post(bob.user, room, `Look: ![the sign](${picture}) and [go there](${baseURL}/${team.name}/channels/${other.name})`);
  const page = await ann.open(room);
  await alive(page);
  const post = page.getByRole("article").filter({ hasText: "Look:" });
  const image = post.getByRole("img", { name: "the sign" });
  await expect(image).toBeVisible();
  await expect(post.getByRole("link", { name: "the sign" })).toHaveAttribute("target", "_blank");
  await axe(page);
  await page.evaluate(() => Object.assign(window, { same: true }));
  await post.getByRole("link", { name: "go there" }).click();
  await expect(page).toHaveURL(new RegExp(`/channels/${other.name}$`));
  await expect(page.locator("main.channel h1")).toHaveText("The Other Room");
  expect(await page.evaluate(() => "same" in window)).toBe(true);
});
