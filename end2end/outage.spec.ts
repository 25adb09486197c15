// The server has lost its database: the app tells it apart from a lost server, keeps what was written, and goes on when
// the database is back.

import { alive, axe, expect, test } from "./support/fixtures.ts";

test("without its database the server is read on, and nothing written is lost", async ({ ann, api, bob, room }) => {
  const page = await ann.open(room);
  await alive(page);
  const post = (text: string) => page.getByRole("article").filter({ hasText: text });
  await api.post(bob.user, room, "Before the loss");
  await expect(post("Before the loss")).toHaveCount(1);
  let lost = true;
  await page.route(/\/api\/v4\/(posts$|channels\/members\/|system\/ping)/, async (route) => {
    if (!lost) return await route.continue();
    if (route.request().url().includes("/ping")) return await route.fulfill({ json: { status: "UNHEALTHY", database_status: "UNHEALTHY" } });
    const id = "api.context.storage_unavailable.app_error";
    await route.fulfill({ status: 503, json: { id, message: "Writing is not possible at the moment.", status_code: 503 } });
  });

  const composer = page.getByRole("textbox", { name: /message/i }).first();
  await composer.fill("Written without a database");
  await composer.press("Enter");
  const banner = page.getByRole("status").filter({ hasText: "Writing is not possible" });
  await expect(banner).toBeVisible();
  await expect(banner).toContainText("nothing you have written is lost");
  await expect(page.getByText("Confab unreachable")).toBeHidden();
  await expect(post("Written without a database")).toHaveAttribute("data-state", "waiting");
  await api.post(bob.user, room, "Read meanwhile");
  await expect(post("Read meanwhile")).toHaveCount(1);
  await axe(page);

  lost = false;
  await expect(banner).toBeHidden({ timeout: 2_000 });
  await expect(post("Written without a database")).not.toHaveAttribute("data-state", "waiting");
  await expect(post("Written without a database")).toHaveCount(1);
});
