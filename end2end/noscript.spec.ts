// With scripts off a channel can still be read: the server writes the page.

import { expect, test } from "./support/fixtures.ts";

test("a channel is readable with scripts off", async ({ ann, api, room }) => {
  await api.post(ann.user, room, "Readable **without** scripts");
  const page = await ann.open(room, { javaScriptEnabled: false });
  await expect(page.getByRole("heading", { name: "Test Channel", level: 1 })).toBeVisible();
  await expect(page.getByText("Readable without scripts")).toBeVisible();
});
