// Languages: what the browser asks for, what is chosen, and that scripts say what the server said; every screen from
// right to left; the clock.

import type { Page } from "@playwright/test";
import type { Api } from "./support/api.ts";
import { alive, axe, expect, test, unique, type Person } from "./support/fixtures.ts";

/** Fails where something is wider than the window. */
async function fits(page: Page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide, "pixels beside the window").toBeLessThanOrEqual(0);
}

async function speaks(api: Api, person: Person, locale: string) {
  await api.call("PUT", "/users/me/patch", person.user.token, { locale });
}

test("a language is chosen, kept over a reload, and turns the page around", async ({ page, admin }) => {
  expect(admin.id).toHaveLength(26);
  await page.goto("/login");
  await alive(page);
  const html = page.locator("html");
  await expect(html).toHaveAttribute("lang", "en");
  await page.getByRole("button", { name: "Deutsch" }).click();
  await expect(page.getByRole("heading", { name: "Anmelden" })).toBeVisible();
  await alive(page);
  await page.reload();
  await alive(page);
  await expect(html).toHaveAttribute("lang", "de");
  await expect(page.getByRole("button", { name: "Anmelden" })).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "العربية" }).click();
  await expect(html).toHaveAttribute("dir", "rtl");
  await expect(page.getByRole("heading", { name: "تسجيل الدخول" })).toBeVisible();
  await alive(page);
  await axe(page);
  await fits(page);
});

test("whoever signs up in a language is spoken to in it", async ({ page, admin }) => {
  expect(admin.id).toHaveLength(26);
  const name = unique("ines");
  await page.goto("/signup");
  await alive(page);
  await page.getByRole("button", { name: "Français" }).click();
  await expect(page.getByRole("heading", { name: "Créer un compte" })).toBeVisible();
  await alive(page);
  await page.getByLabel("E-mail", { exact: true }).fill(`${name}@example.com`);
  await page.getByLabel("Nom d’utilisateur", { exact: true }).fill(name);
  await page.getByLabel("Mot de passe", { exact: true }).fill("A-long-password-1");
  await page.getByRole("button", { name: "Créer le compte" }).click();
  await expect(page.getByRole("link", { name: "Créer une équipe" })).toBeVisible();
  const me = await page.evaluate(async () => (await fetch("/api/v4/users/me")).json());
  expect(me.locale).toBe("fr");
  // The account's language comes before the one chosen in a browser.
  await page.context().clearCookies({ name: "CONFABLANGUAGE" });
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await axe(page);
});

test("forms of numbers are those of the browser's own rules", async ({ page }) => {
  await page.goto("/login");
  // As `catalogue::form` has them; its own test holds the Rust against the same table.
  const forms = await page.evaluate(() => {
    const of = (code: string, counts: number[]) => counts.map((n) => new Intl.PluralRules(code).select(n));
    return [of("en", [0, 1, 2, 21]), of("fr", [0, 1, 2]), of("ar", [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103])];
  });
  expect(forms).toEqual([
    ["other", "one", "other", "other"],
    ["one", "one", "other"],
    ["zero", "one", "two", "few", "few", "many", "many", "other", "other", "other", "few"],
  ]);
});

test("a language is chosen in the settings, for the account", async ({ ann, room, api }) => {
  const page = await ann.open(`${ann.address(room)}?settings=display`);
  await alive(page);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: "Display", level: 1 })).toBeVisible();
  await dialog.getByRole("button", { name: "Deutsch" }).click();
  // The page comes anew, and the settings are where they were.
  await expect(dialog.getByRole("heading", { name: "Anzeige", level: 1 })).toBeVisible();
  await alive(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(dialog.getByRole("button", { name: "Deutsch" })).toHaveAttribute("aria-current", "true");
  await axe(page);
  await fits(page);
  const me = await api.call<{ locale: string }>("GET", "/users/me", ann.user.token);
  expect(me.locale).toBe("de");
  // And so does another browser.
  const other = await ann.open(room);
  await alive(other);
  await expect(other.getByRole("textbox", { name: /^Nachricht an/ })).toBeVisible();
  await axe(other);
});

test("Arabic is written from right to left, on every screen", async ({ ann, bob, room, api, isMobile }) => {
  test.setTimeout(120_000);
  await speaks(api, ann, "ar");
  const root = await api.post(bob.user, room, "Shall we meet at nine?");
  await api.post(bob.user, room, "في التاسعة تمامًا", root.id);
  await api.post(bob.user, room, "هذا مثال:\n```rust\nlet a = 1;\n```");
  const page = await ann.open(room);
  await alive(page);
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await fits(page);
  await axe(page);
  // A message is written as it is, and code from left to right.
  const english = page.locator(".msg", { hasText: "Shall we meet" }).locator(".md");
  expect(await english.evaluate((e) => getComputedStyle(e).direction)).toBe("ltr");
  const arabic = page.locator(".msg", { hasText: "هذا مثال" }).locator(".md");
  expect(await arabic.evaluate((e) => getComputedStyle(e).direction)).toBe("rtl");
  expect(await arabic.locator(".code").evaluate((e) => getComputedStyle(e).direction)).toBe("ltr");
  // One's own words turn the box around.
  const box = page.getByRole("textbox", { name: /^رسالة إلى/ });
  await box.fill("hello");
  expect(await box.evaluate((e) => getComputedStyle(e).direction)).toBe("ltr");
  await box.fill("مرحبًا");
  expect(await box.evaluate((e) => getComputedStyle(e).direction)).toBe("rtl");
  await box.press("Enter");
  await expect(page.locator(".msg", { hasText: "مرحبًا" })).toBeVisible();

  for (const query of [
    `?thread=${root.id}`,
    "?panel=info",
    "?panel=pins",
    "?panel=saved",
    "?panel=search",
    "?settings=profile",
    "?settings=notifications",
    "?settings=display",
  ]) {
    await page.goto(ann.address(room) + query);
    await alive(page);
    await expect(query.startsWith("?settings") ? page.getByRole("dialog") : page.getByRole("complementary").first()).toBeVisible();
    await fits(page);
    await axe(page);
  }
  await page.goto(`/${ann.team.name}/threads`);
  await alive(page);
  await fits(page);
  await axe(page);

  // Menus open on the side they belong to, whole on the screen.
  await page.goto(ann.address(room));
  await alive(page);
  if (isMobile) await page.getByRole("link", { name: "العودة إلى القنوات" }).click();
  await page.locator(".team-switch").click();
  const menu = page.getByRole("menu");
  await expect(menu).toBeVisible();
  await fits(page);
  await axe(page);
  if (!isMobile) {
    const [button, list] = [await page.locator(".team-switch").boundingBox(), await menu.boundingBox()];
    expect(Math.abs(button!.x + button!.width - list!.x - list!.width)).toBeLessThan(4);
  }
  await page.keyboard.press("Escape");
  await page.locator(".quick-switch").click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await fits(page);
  await axe(page);
});

test("clocks have as many hours as one likes", async ({ ann, bob, room, api }) => {
  await api.post(bob.user, room, "What is the time?");
  const page = await ann.open(`${ann.address(room)}?settings=display`);
  await alive(page);
  const clock = page.locator(".msg", { hasText: "What is the time?" }).locator(".msg-time");
  await expect(clock).toHaveText(/^\d\d:\d\d$/);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("12 hours").check();
  await expect(clock).toHaveText(/^\d{1,2}:\d\d [AP]M$/);
  await axe(page);
  // The server shows what the browser does, before any script.
  const plain = await ann.open(room, { javaScriptEnabled: false });
  await expect(plain.locator(".msg", { hasText: "What is the time?" }).locator(".msg-time")).toHaveText(/^\d{1,2}:\d\d [AP]M$/);
  await page.reload();
  await alive(page);
  await expect(clock).toHaveText(/^\d{1,2}:\d\d [AP]M$/);
  await dialog.getByLabel("24 hours").check();
  await expect(clock).toHaveText(/^\d\d:\d\d$/);
  // Where nobody has chosen, it is as the language has it.
  await speaks(api, bob, "ar");
  const his = await bob.open(room);
  await alive(his);
  await expect(his.locator(".msg-time").first()).toHaveText(/\d{1,2}:\d\d.*[صم]$/);
});
