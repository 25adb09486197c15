// Languages: what the browser asks for, what is chosen, and that scripts say what the server said.

import { alive, axe, expect, test, unique } from "./support/fixtures.ts";

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
  // Nothing is wider than the window.
  const tooWide = () => document.documentElement.scrollWidth > window.innerWidth;
  expect(await page.evaluate(tooWide)).toBe(false);
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
