// Two people talk; the server restarts under them, and nothing is missing or doubled afterwards.

import { alive, expect, test } from "./support/fixtures.ts";

test("what one writes the other sees, also across a restart of the server", async ({ ann, bob, room, server }) => {
  const [hers, his] = [await ann.open(room), await bob.open(room)];
  await Promise.all([alive(hers), alive(his)]);
  const write = async (page: typeof hers, text: string) => {
    const composer = page.getByRole("textbox", { name: /write|message/i }).first();
    await composer.fill(text);
    await composer.press("Enter");
  };
  const post = (page: typeof hers, text: string) => page.getByRole("article").filter({ hasText: text });

  await write(hers, "Are you there?");
  await expect(post(his, "Are you there?")).toHaveCount(1);
  await write(his, "Yes, I am");
  await expect(post(hers, "Yes, I am")).toHaveCount(1);

  await server.restart();
  await write(hers, "Still there?");
  await expect(post(his, "Still there?")).toHaveCount(1, { timeout: 45_000 });
  for (const page of [hers, his]) {
    for (const text of ["Are you there?", "Yes, I am", "Still there?"]) {
      await expect(post(page, text)).toHaveCount(1);
    }
  }
});

test("emoji alone are large, and one's own name stands out", async ({ ann, bob, room, api }) => {
  await api.post(bob.user, room, ":tada: :rocket:");
  await api.post(bob.user, room, `Is @${ann.user.username} with @${bob.user.username}?`);
  const page = await ann.open(room);
  await alive(page);
  const large = page.locator("main article p.jumbo");
  await expect(large).toHaveText("🎉 🚀");
  // The text is drawn anew once the table of emoji is there: what is looked at may just be gone.
  await expect(large).toHaveCSS("font-size", "30px");
  const background = (name: string) => page.locator("main article .mention", { hasText: name }).evaluate((m) => getComputedStyle(m).backgroundColor);
  await expect.poll(async () => (await background(ann.user.username)) !== (await background(bob.user.username))).toBeTruthy();
});
