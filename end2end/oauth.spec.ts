// A program asks for access to somebody's account: allowed, refused, and asked for as it must not be. Without scripts too.
// Programs are registered and looked after, and people take their access back.

import { alive, axe, expect, test, unique } from "./support/fixtures.ts";
import type { Server } from "./support/server.ts";
import { createServer, type Server as Listener } from "node:http";
import type { AddressInfo } from "node:net";

/** The program's own server: says what it was called with. */
async function program(): Promise<{ back: string; listener: Listener }> {
  const listener = createServer((request, answer) => {
    answer.setHeader("content-type", "text/html");
    const { searchParams } = new URL(request.url ?? "", "http://program");
    // As programs do: first a cookie, then somewhere else.
    if (request.url?.startsWith("/cb")) {
      const where = `http://localhost:${(listener.address() as AddressInfo).port}/done?${searchParams}`;
      answer.writeHead(302, { location: where }).end();
      return;
    }
    answer.end(`<title>Program</title><h1>Back at the program</h1><p id="query">${[...searchParams.keys()].join(" ")}</p>`);
  });
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  return { back: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/cb`, listener };
}

for (const javaScriptEnabled of [true, false]) {
  test(`somebody is asked, and allows or refuses, ${javaScriptEnabled ? "with" : "without"} scripts`, async ({ ann, admin, api }) => {
    const { back, listener } = await program();
    const app = await api.call<{ id: string }>("POST", "/oauth/apps", admin.token, {
      name: "Print shop",
      description: "Prints what you pin.",
      homepage: "http://print.example",
      callback_urls: [back],
    });
    const asks = (redirect: string) =>
      `/oauth/authorize?${new URLSearchParams({ response_type: "code", client_id: app.id, redirect_uri: redirect, state: "s 1" })}`;
    const page = await ann.open(asks(back), { javaScriptEnabled });
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Print shop");
    await expect(page.getByText("Prints what you pin.")).toBeVisible();
    await expect(page.getByText(new URL(back).host)).toBeVisible();
    if (javaScriptEnabled) await axe(page);

    await page.getByRole("link", { name: "Do not allow" }).click();
    await expect(page.getByText("error state")).toBeVisible();

    await page.goto(asks(back));
    await page.getByRole("button", { name: "Allow", exact: true }).press("Enter");
    await expect(page.getByRole("heading", { name: "Back at the program" })).toBeVisible();
    await expect(page.getByText("code state")).toBeVisible();

    // Allowed once, it is not asked about again.
    await page.goto(asks(back));
    await expect(page.getByText("code state")).toBeVisible();

    await page.goto(asks(`${back}/other`));
    await expect(page.getByRole("heading", { name: "This program cannot ask for access" })).toBeVisible();
    await expect(page.getByRole("alert").or(page.getByRole("status"))).toContainText("not registered");
    if (javaScriptEnabled) await axe(page);
    listener.close();
  });
}

test("whoever is not signed in signs in first", async ({ page, ann, admin, api }) => {
  const { back, listener } = await program();
  const app = await api.call<{ id: string }>("POST", "/oauth/apps", admin.token, {
    name: "Print shop",
    homepage: "http://print.example",
    callback_urls: [back],
  });
  await page.goto(`/oauth/authorize?${new URLSearchParams({ response_type: "code", client_id: app.id, redirect_uri: back })}`);
  await expect(page).toHaveURL(/\/login\?/);
  await page.getByLabel("Email or user name").fill(ann.user.username);
  await page.getByLabel("Password", { exact: true }).fill(ann.user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Print shop");
  listener.close();
});

/** Asks for tokens as a program does. */
function exchange(server: Server, fields: Record<string, string>): Promise<Response> {
  return fetch(`${server.url}/oauth/access_token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "authorization_code", ...fields }),
  });
}

test("a program is registered, changed, given another secret and deleted", async ({ ann, api, admin, server }) => {
  await api.call("PUT", `/users/${ann.user.id}/roles`, admin.token, { roles: "system_user system_admin" });
  const [name, later] = [unique("printer"), unique("plotter")];
  const page = await ann.open(`/${ann.team.name}/channels/town-square?manage=integrations.oauth`);
  await alive(page);
  const dialog = page.getByRole("dialog", { name: "Integrations" });
  await expect(dialog.getByRole("heading", { name: "OAuth apps", level: 1 })).toBeVisible();
  await dialog.getByRole("link", { name: "New OAuth app" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel(/^Description/).fill("Prints what you pin.");
  await dialog.getByLabel("Homepage").fill("http://print.example");
  await expect(dialog.getByRole("button", { name: "Create" })).toBeDisabled();
  await dialog.getByLabel("Callback URLs").fill("javascript:alert(1)");
  await axe(page);
  // What the server says against it is shown, and what was typed stays.
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("alert")).toContainText("http:// or https://");
  await dialog.getByLabel("Callback URLs").fill("http://print.example/cb\nhttp://print.example/cb2");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("heading", { name, level: 1 })).toBeVisible();

  const [id, secret] = [dialog.locator("code.key").first(), dialog.locator("code.key").last()];
  await expect(id).toHaveText(/^[a-z0-9]{26}$/);
  await expect(secret).toHaveText(/^•+$/);
  await expect(dialog.getByRole("button", { name: "Copy: Client secret" })).toBeVisible();
  await dialog.getByRole("button", { name: "Show the secret" }).click();
  await expect(secret).toHaveText(/^[a-z0-9]{26}$/);
  await axe(page);
  const [client_id, before] = [(await id.textContent()) ?? "", (await secret.textContent()) ?? ""];

  await dialog.getByLabel("Name", { exact: true }).fill(later);
  await dialog.getByLabel("Trusted").check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("heading", { name: later, level: 1 })).toBeVisible();
  const kept = await api.call<{ name: string; is_trusted: boolean; callback_urls: string[] }>("GET", `/oauth/apps/${client_id}`, admin.token);
  expect(kept).toMatchObject({ name: later, is_trusted: true, callback_urls: ["http://print.example/cb", "http://print.example/cb2"] });

  await dialog.getByRole("button", { name: "Make a new secret" }).click();
  await page.getByRole("dialog", { name: "Make a new secret?" }).getByRole("button", { name: "Make a new secret" }).click();
  await expect(secret).not.toHaveText(before);
  await expect(secret).toHaveText(/^[a-z0-9]{26}$/);
  // With the old one the program is not known; with the new one it is, and its code is what is wrong.
  const told = async (client_secret: string) => {
    const answer = await exchange(server, { client_id, client_secret, code: "none", redirect_uri: "http://print.example/cb" });
    return ((await answer.json()) as { error: string }).error;
  };
  expect(await told(before)).toBe("invalid_client");
  expect(await told((await secret.textContent()) ?? "")).toBe("invalid_grant");

  await dialog.getByRole("link", { name: "Back" }).click();
  await dialog.getByLabel("Find by name, address or description").fill(later);
  await expect(dialog.locator("li.settings-item")).toHaveCount(1);
  await axe(page);
  await dialog.getByRole("link", { name: later }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog", { name: `Delete ${later}?` }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText(`${later} was deleted.`)).toBeVisible();
  await expect(dialog.getByRole("heading", { name: "OAuth apps", level: 1 })).toBeVisible();
  await expect(dialog.getByRole("link", { name: later })).toHaveCount(0);
  await expect(api.call("GET", `/oauth/apps/${client_id}`, admin.token)).rejects.toThrow("404");
});

test("a program without a secret is registered as one", async ({ ann, api, admin }) => {
  await api.call("PUT", `/users/${ann.user.id}/roles`, admin.token, { roles: "system_user system_admin" });
  const name = unique("phone");
  const page = await ann.open(`/${ann.team.name}/channels/town-square?manage=integrations.oauth.new`);
  await alive(page);
  const dialog = page.getByRole("dialog", { name: "Integrations" });
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("Homepage").fill("https://phone.example");
  await dialog.getByLabel("Callback URLs").fill("https://phone.example/cb");
  await dialog.getByLabel("Kind of app").selectOption({ label: "Public: runs in a browser or on a device, without a secret" });
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("heading", { name, level: 1 })).toBeVisible();
  await expect(dialog.getByText("This app is public")).toBeVisible();
  await expect(dialog.locator("code.key")).toHaveCount(1);
  await axe(page);
});

test("whoever gave a program access sees it in the settings, and takes it back", async ({ ann, api, admin, room, server }) => {
  const name = unique("print-shop");
  const back = "http://print.example/cb";
  const app = await api.call<{ id: string; client_secret: string }>("POST", "/oauth/apps", admin.token, {
    name,
    description: "Prints what you pin.",
    homepage: "http://print.example",
    callback_urls: [back],
  });
  const { redirect } = await api.call<{ redirect: string }>("POST", "/oauth/authorize", ann.user.token, {
    response_type: "code",
    client_id: app.id,
    redirect_uri: back,
  });
  const code = new URL(redirect).searchParams.get("code") ?? "";
  const answer = await exchange(server, { client_id: app.id, client_secret: app.client_secret, code, redirect_uri: back });
  expect(answer.status).toBe(200);
  const { access_token } = (await answer.json()) as { access_token: string };
  const asked = async () => (await fetch(`${server.url}/api/v4/users/me`, { headers: { Authorization: `Bearer ${access_token}` } })).status;
  expect(await asked()).toBe(200);

  const page = await ann.open(`${ann.address(room)}?settings=security`);
  await alive(page);
  const dialog = page.getByRole("dialog", { name: "Settings" });
  const apps = dialog.locator("section").filter({ has: page.getByRole("heading", { name: "Apps with access to your account" }) });
  await expect(apps.getByText(name)).toBeVisible();
  await expect(apps.getByText("Prints what you pin.")).toBeVisible();
  await expect(apps.getByRole("link", { name: "http://print.example" })).toHaveAttribute("href", "http://print.example");
  const session = dialog.getByRole("button", { name: `End the session of ${name}` });
  await expect(session).toHaveCount(1);
  await axe(page);

  await apps.getByRole("button", { name: `Remove access: ${name}` }).click();
  const question = page.getByRole("dialog", { name: `Remove the access of ${name}?` });
  await question.getByRole("button", { name: "Cancel" }).click();
  expect(await asked()).toBe(200);
  await apps.getByRole("button", { name: `Remove access: ${name}` }).click();
  await question.getByRole("button", { name: "Remove access" }).click();
  await expect(page.getByText(`${name} no longer has access to your account.`)).toBeVisible();
  await expect(apps.getByText("No app has access to your account.")).toBeVisible();
  await expect(apps.getByRole("listitem")).toHaveCount(0);
  // Its session is none of those one is signed in by.
  await expect(session).toHaveCount(0);
  await axe(page);
  expect(await asked()).toBe(401);
});

test("where programs cannot ask for access, nothing is said of them", async ({ ann, api, admin, room }) => {
  await api.call("PUT", `/users/${ann.user.id}/roles`, admin.token, { roles: "system_user system_admin" });
  const provider = (on: boolean) =>
    api.call("PUT", "/config/patch", admin.token, { ServiceSettings: { EnableOAuthServiceProvider: on } });
  await provider(false);
  try {
    const page = await ann.open(`${ann.address(room)}?settings=security`);
    await alive(page);
    const settings = page.getByRole("dialog", { name: "Settings" });
    await expect(settings.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();
    const apps = settings.getByRole("heading", { name: "Apps with access to your account" });
    await expect(apps).toHaveCount(0);
    await page.goto(`${ann.address(room)}?manage=integrations`);
    await alive(page);
    const integrations = page.getByRole("dialog", { name: "Integrations" });
    // On a phone the list of pages is a screen of its own, here too.
    await expect(integrations.getByRole("navigation").getByRole("link", { name: "Bots" })).toBeVisible();
    await expect(integrations.getByRole("link", { name: "OAuth apps" })).toHaveCount(0);
    await provider(true);
    await page.reload();
    await alive(page);
    await expect(integrations.getByRole("navigation").getByRole("link", { name: "OAuth apps" })).toBeVisible();
  } finally {
    await provider(true);
  }
});
