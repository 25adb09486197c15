// Files: attached to a message in three ways, seen by the other, looked at and saved; custom emoji; one's own picture.

import { alive, axe, expect, test } from "./support/fixtures.ts";

/** A PNG of 2 by 2 red pixels. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4IScHRAwQCgAfJgQRoo8irwAAAABJRU5ErkJggg==",
  "base64",
);

test("files go with a message, are seen by the other and can be saved", async ({ ann, bob, room }) => {
  const [hers, his] = [await ann.open(room), await bob.open(room)];
  await Promise.all([alive(hers), alive(his)]);

  await hers.locator("main.channel input[type=file]").setInputFiles([
    { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("first we plan") },
    { name: "red.png", mimeType: "image/png", buffer: PNG },
    { name: "wrong.txt", mimeType: "text/plain", buffer: Buffer.from("not this one") },
  ]);
  const chips = hers.getByRole("list", { name: "Attached files" }).getByRole("listitem");
  await expect(chips).toHaveCount(3);
  await hers.getByRole("button", { name: "Remove wrong.txt" }).click();
  await expect(chips).toHaveCount(2);
  await expect(hers.locator('.attach-chip[data-state="sent"]')).toHaveCount(2);

  const composer = hers.getByRole("textbox", { name: /message/i }).first();
  await composer.fill("Here is the plan");
  await composer.press("Enter");
  await expect(chips).toHaveCount(0);

  const post = his.getByRole("article").filter({ hasText: "Here is the plan" });
  await expect(post).toHaveCount(1);
  const saved = his.waitForEvent("download");
  await post.getByRole("link", { name: "Download plan.txt" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe("plan.txt");

  // A press reads a text here; the arrows lead to the other file.
  await post.locator(".file-open").click();
  const reader = his.getByRole("dialog", { name: "plan.txt" });
  await expect(reader.locator(".viewer-text")).toContainText("first we plan");
  await axe(his);
  await his.keyboard.press("ArrowRight");
  const large = his.getByRole("dialog", { name: "red.png" }).getByRole("button", { name: "Full size" });
  await large.click();
  await expect(large).toHaveAttribute("aria-pressed", "true");
  await his.keyboard.press("Escape");

  await post.getByRole("link", { name: "Picture red.png" }).click();
  const viewer = his.getByRole("dialog", { name: "red.png" });
  await expect(viewer.getByRole("img", { name: "red.png" })).toBeVisible();
  await expect(viewer.getByText("2 × 2")).toBeVisible();
  await his.keyboard.press("Escape");
  await expect(viewer).toBeHidden();
});

test("a file that did not get through goes on by itself, one that was refused when one says so", async ({ ann, room }) => {
  const page = await ann.open(room);
  await alive(page);
  const refusal = { id: "x", message: "There is no room left", status_code: 403 };
  await page.route("**/api/v4/files?**", (route) => route.fulfill({ status: 403, json: refusal }), { times: 1 });
  const choose = (name: string) =>
    page.locator("main.channel input[type=file]").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from("hello") });
  await choose("note.txt");
  const chip = page.locator(".attach-chip");
  await expect(chip).toHaveAttribute("data-state", "failed");
  await expect(chip).toContainText("There is no room left");
  await axe(page);
  await page.getByRole("button", { name: "Try note.txt again" }).click();
  await expect(chip).toHaveAttribute("data-state", "sent");
  await page.route("**/api/v4/files?**", (route) => route.abort(), { times: 1 });
  await choose("other.txt");
  await expect(chip.last()).toHaveAttribute("data-state", "waiting");
  await expect(page.locator('.attach-chip[data-state="sent"]')).toHaveCount(2);
  // A message may be nothing but files.
  await page.getByRole("textbox", { name: /message/i }).first().press("Enter");
  await expect(page.getByRole("link", { name: "Download note.txt" })).toBeVisible();
});

test("a large file goes on where it was broken off", async ({ ann, room, baseURL }) => {
  const page = await ann.open(room);
  await alive(page);
  const content = Buffer.alloc(8_000_000);
  for (let at = 0; at < content.length; at += 1) content[at] = at % 251;
  const auth = { Authorization: `Bearer ${ann.user.token}` };
  // The larger part arrives, then the connection breaks off.
  let broken = false;
  await page.route("**/api/v4/uploads/*", async (route) => {
    if (route.request().method() !== "POST" || broken) return route.fallback();
    broken = true;
    const part = await fetch(route.request().url(), { method: "POST", headers: auth, body: content.subarray(0, 6_000_000) });
    expect(part.status).toBe(204);
    await route.abort();
  });
  await page.locator("main.channel input[type=file]").setInputFiles({ name: "large.bin", mimeType: "application/octet-stream", buffer: content });
  await expect(page.locator(".attach-chip")).toHaveAttribute("data-state", "sent");
  await page.getByRole("textbox", { name: /message/i }).first().press("Enter");
  const card = page.locator("main article .file-open").last();
  await expect(card).toContainText("large.bin");
  const address = await card.getAttribute("href");
  const answer = await fetch(`${baseURL}${address}`, { headers: auth });
  expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
});

test("files are pasted and dropped", async ({ ann, room }) => {
  const page = await ann.open(room);
  await alive(page);
  const give = (kind: "paste" | "drop", name: string) =>
    page.evaluate(
      ([kind, name]) => {
        const data = new DataTransfer();
        data.items.add(new File(["content"], name, { type: "text/plain" }));
        const about = { bubbles: true, cancelable: true };
        if (kind === "paste") {
          const event = new ClipboardEvent("paste", { ...about, clipboardData: data });
          document.querySelector("main.channel textarea")?.dispatchEvent(event);
        } else {
          const place = document.querySelector("main.channel");
          place?.dispatchEvent(new DragEvent("dragover", { ...about, dataTransfer: data }));
          place?.dispatchEvent(new DragEvent("drop", { ...about, dataTransfer: data }));
        }
      },
      [kind, name] as const,
    );
  await give("paste", "pasted.txt");
  await give("drop", "dropped.txt");
  await expect(page.locator('.attach-chip[data-state="sent"]')).toHaveCount(2);
});

test("an emoji that somebody added is shown, picked and reacted with", async ({ ann, bob, room, server, isMobile }) => {
  const name = `ship_it_${Date.now() % 100_000}`;
  const form = new FormData();
  form.set("image", new Blob([PNG], { type: "image/png" }), "ship.png");
  form.set("emoji", JSON.stringify({ name, creator_id: ann.user.id }));
  const made = await fetch(`${server.url}/api/v4/emoji`, {
    method: "POST",
    headers: { Authorization: `Bearer ${ann.user.token}` },
    body: form,
  });
  expect(made.status).toBe(200);

  const [hers, his] = [await ann.open(room), await bob.open(room)];
  await Promise.all([alive(hers), alive(his)]);
  const composer = hers.getByRole("textbox", { name: /message/i }).first();
  await composer.fill(`Done :${name}: now`);
  await composer.press("Enter");
  const post = his.getByRole("article").filter({ hasText: "Done" });
  await expect(post.locator("img.emoji")).toBeVisible();

  if (isMobile) {
    await post.getByRole("button", { name: "More" }).click();
    await his.getByRole("menuitem", { name: "React" }).click();
  } else {
    await post.hover();
    await post.getByRole("button", { name: "React" }).click();
  }
  await his.getByRole("searchbox", { name: "Search emoji" }).fill(name);
  await his.locator(".emoji-cell").first().click();
  const reaction = hers.getByRole("article").filter({ hasText: "Done" }).locator(".reaction img.emoji");
  await expect(reaction).toBeVisible();
});

test("one's own picture is changed, and the other sees it", async ({ ann, bob, room, isMobile }) => {
  const [hers, his] = [await ann.open(room), await bob.open(room)];
  await Promise.all([alive(hers), alive(his)]);
  const composer = hers.getByRole("textbox", { name: /message/i }).first();
  await composer.fill("Look at me");
  await composer.press("Enter");
  const post = his.getByRole("article").filter({ hasText: "Look at me" });
  await expect(post).toHaveCount(1);
  await expect(post.locator(".avatar-img")).toHaveCount(0);

  if (isMobile) await hers.getByRole("link", { name: "Back" }).click();
  await hers.locator("button.me").click();
  await hers.getByRole("menuitem", { name: "Settings" }).click();
  if (isMobile) await hers.getByRole("link", { name: "Profile" }).click();
  await hers.getByRole("button", { name: "Change picture" }).click();
  await hers.locator(".picture-dialog input[type=file]").setInputFiles({ name: "me.png", mimeType: "image/png", buffer: PNG });
  await expect(post.locator(".avatar-img")).toBeVisible();
});

/** A page of nothing. */
const PDF = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n",
);

test("documents of pages are shown where the browser can, else it says so", async ({ ann, room }) => {
  const page = await ann.open(room);
  await alive(page);
  await page.locator("main.channel input[type=file]").setInputFiles({ name: "plan.pdf", mimeType: "application/pdf", buffer: PDF });
  await expect(page.locator(".attach-chip")).toHaveAttribute("data-state", "sent");
  await page.getByRole("textbox", { name: /message/i }).first().press("Enter");
  await page.locator("main article .file-open").click();
  const viewer = page.getByRole("dialog", { name: "plan.pdf" });
  const shows = await page.evaluate(() => navigator.pdfViewerEnabled);
  if (shows) await expect(viewer.locator("iframe")).toHaveAttribute("src", /^blob:/);
  else await expect(viewer).toContainText("This browser shows no PDFs");
  await expect(viewer.getByRole("link", { name: "Download" })).toBeVisible();
  if (!shows) await axe(page);
});
