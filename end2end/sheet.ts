// Pictures of every screen, into the folder CONTACT_SHEET: `<project>-<theme>/<screen>.png`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { alive, expect, test, type Channel, type Person, type Team, type User } from "./support/fixtures.ts";
import type { Api } from "./support/api.ts";

const OUT = process.env.CONTACT_SHEET ?? "contact-sheet";

/** A picture of 320 by 200 in one colour, as a BMP: no library is needed to make one. */
function picture(red: number, green: number, blue: number): Buffer {
  const [width, height] = [320, 200];
  const bytes = Buffer.alloc(54 + width * height * 3);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let at = 54; at < bytes.length; at += 3) bytes.set([blue, green, red], at);
  return bytes;
}

const NAMES: [string, string, string][] = [
  ["mara", "Mara", "Lindqvist"],
  ["tomas", "Tomás", "Herrera"],
  ["yuki", "Yuki", "Tanaka"],
  ["dele", "Dele", "Okafor"],
];

interface World {
  api: Api;
  me: Person;
  others: Person[];
  team: Team;
  design: Channel;
  quiet: Channel;
  /** The id of an OAuth app. */
  app: string;
}

const CODE = "```rust\n/// The sum of all odd squares below a limit.\nfn odd_squares(limit: u32) -> u32 {\n    (1..)\n        .map(|n| n * n)\n        .take_while(|square| *square < limit)\n        .filter(|square| square % 2 == 1)\n        .sum()\n}\n```";
const TABLE = "| Step | Who | Until |\n|:--|:--|--:|\n| Sketches | Mara | 3 May |\n| Review | Yuki | 10 May |\n| Release | Dele | 17 May |";

/** People, channels and messages enough for a screen to show what it can. */
async function furnish(api: Api, admin: User, me: Person, others: Person[], team: Team): Promise<World> {
  const [first] = others;
  if (!first) throw new Error("nobody else is here");
  for (const [at, person] of others.entries()) {
    const [, first_name, last_name] = NAMES[at] ?? ["", "Some", "One"];
    await api.call("PUT", "/users/me/patch", person.user.token, { first_name, last_name, position: ["Design", "Backend", "Research", "Support"][at % 4] });
  }
  await api.call("PUT", "/users/me/patch", me.user.token, { first_name: "Ann", last_name: "Archer" });
  const design = await api.channel(me.user, team, `design-${me.user.username}`, "O", "Design");
  const quiet = await api.channel(me.user, team, `quiet-${me.user.username}`, "P", "Quiet corner");
  await api.call("PUT", `/channels/${design.id}/patch`, me.user.token, { header: "What it looks like: https://example.org/design", purpose: "How things look and feel" });
  for (const person of others) await api.join(me.user, person.user, team, design);
  for (const name of ["Release 7", "Support", "A channel with a name so long that it fits into no list there is"]) {
    const channel = await api.channel(first.user, team, `${name.toLowerCase().replaceAll(" ", "-").slice(0, 40)}-${me.user.username}`.slice(0, 64), "O", name);
    await api.join(first.user, me.user, team, channel);
    await api.post(first.user, channel, name === "Support" ? `Can you look at this, @${me.user.username}?` : "All is well.");
  }
  const at = (n: number) => others[n % others.length]!.user;
  await api.post(at(0), design, "Good morning! The new sketches are up. I tried **two directions**, and _one_ of them has no boxes at all.");
  await api.post(at(0), design, "Which one reads better at arm’s length?");
  const root = await api.post(at(1), design, "The one without boxes. Less ink, and the eye finds the names :sparkles:");
  await api.post(at(2), design, "Agreed — though the second line needs more room.", root.id);
  await api.post(me.user, design, "I will try 22 instead of 20.", root.id);
  await api.post(at(3), design, "Please do! @channel has a look tomorrow.", root.id);
  await api.post(at(2), design, TABLE);
  await api.post(at(3), design, CODE);
  await api.post(at(1), design, "The width is $w = \\frac{n \\cdot s}{1 - \\sqrt{2}}$, and altogether:\n```latex\n\\sum_{i=1}^{n} i^2 = \\frac{n(n+1)(2n+1)}{6}\n```");
  await api.post(at(0), design, "> Perfection is reached when there is nothing left to take away.\n\n- [x] Sketches\n- [x] Colours\n- [ ] Motion\n\nسنراجع التصميم غدًا");
  const last = await api.post(at(1), design, `@${me.user.username} shall we decide on Thursday?`);
  for (const [n, emoji_name] of ["thumbsup", "tada", "eyes"].entries()) {
    for (const person of others.slice(0, 3 - n)) {
      await api.call("POST", "/reactions", person.user.token, { user_id: person.user.id, post_id: root.id, emoji_name });
    }
  }
  await api.call("POST", `/posts/${root.id}/pin`, me.user.token);
  await api.call("PUT", "/users/me/preferences", me.user.token, [{ user_id: me.user.id, category: "flagged_post", name: last.id, value: "true" }]);
  await api.call("POST", `/channels/${design.id}/bookmarks`, me.user.token, { display_name: "Handbook", link_url: "https://example.org/handbook", type: "link" });
  await api.call("POST", `/channels/${design.id}/bookmarks`, me.user.token, { display_name: "Plan", link_url: "https://example.org/plan", type: "link", emoji: "calendar" });
  const direct = await api.call<Channel>("POST", "/channels/direct", first.user.token, [me.user.id, first.user.id]);
  await api.post(first.user, direct, "Do you have a minute for the colours?");
  const group = await api.call<Channel>("POST", "/channels/group", first.user.token, [me.user.id, ...others.slice(0, 3).map((person) => person.user.id)]);
  await api.post(at(2), group, "Lunch at one?");
  await api.call("PUT", "/users/me/status/custom", first.user.token, { emoji: "palm_tree", text: "Back on Monday" });
  await api.call("POST", "/posts/schedule", me.user.token, { user_id: me.user.id, channel_id: design.id, message: "Good morning, here is the summary.", scheduled_at: Date.now() + 86_400_000 }).catch(() => {});
  await api.call("POST", "/drafts", me.user.token, { channel_id: quiet.id, message: "What I wanted to say for a while", user_id: me.user.id });
  // Who looks at the screens may look after everything.
  await api.call("PUT", `/users/${me.user.id}/roles`, admin.token, { roles: "system_user system_admin" });
  const callback = "https://print.example.org/back";
  const app = await api.call<{ id: string }>("POST", "/oauth/apps", admin.token, {
    name: "Print shop",
    description: "Prints what you pin, on paper that you choose.",
    homepage: "https://print.example.org",
    callback_urls: [callback],
  });
  await api.call("POST", "/oauth/authorize", me.user.token, { response_type: "code", client_id: app.id, redirect_uri: callback });
  return { api, me, others, team, design, quiet, app: app.id };
}

type Screen = [name: string, show: (page: Page, world: World) => Promise<void>];

const to = (path: (world: World) => string): ((page: Page, world: World) => Promise<void>) => async (page, world) => {
  await page.goto(path(world));
  await alive(page);
};
const channel = (query = "") => to(({ me, design }) => me.address(design) + query);
/** Opens the list of channels: on a phone it is a screen of its own. */
async function list(page: Page, world: World): Promise<void> {
  await channel()(page, world);
  const back = page.getByRole("link", { name: "Back to channels" });
  if (await back.isVisible()) await back.click();
}
const message = (page: Page) => page.locator("main article").filter({ hasText: "The one without boxes" }).first();
async function menu(page: Page, item?: string): Promise<void> {
  await message(page).dispatchEvent("contextmenu", { clientX: 400, clientY: 300 });
  if (item) await page.getByRole("menuitem", { name: item }).click();
}
const onMessage = (item?: string): ((page: Page, world: World) => Promise<void>) => async (page, world) => {
  await channel()(page, world);
  await menu(page, item);
};
const ofTeam = (item?: string): ((page: Page, world: World) => Promise<void>) => async (page, world) => {
  await list(page, world);
  await page.locator("button.team-switch").click();
  if (item) await page.getByRole("menuitem", { name: item }).click();
};
const ofMine = (item?: string): ((page: Page, world: World) => Promise<void>) => async (page, world) => {
  await list(page, world);
  await page.locator("button.me").click();
  if (item) await page.getByRole("menuitem", { name: item }).click();
};
const ofChannel = (item?: string): ((page: Page, world: World) => Promise<void>) => async (page, world) => {
  await channel()(page, world);
  await page.locator("main .channel-title button, main button.channel-title").first().click();
  if (item) await page.getByRole("menuitem", { name: item }).click();
};

const SIGNED_OUT: Screen[] = [
  ["landing", to(() => "/")],
  ["sign-in", to(() => "/login")],
  ["sign-up", to(() => "/signup_user_complete")],
  ["forgotten password", to(() => "/reset_password")],
  ["new password", to(() => "/reset_password_complete?token=x")],
  ["verify the address", to(() => "/should_verify_email?email=ann@example.com")],
  ["not found", to(() => "/no/such/page/here")],
];

const SCREENS: Screen[] = [
  ["choose a team", to(() => "/select_team")],
  ["make a team", to(() => "/create_team")],
  ["channel", channel()],
  ["sidebar", list],
  ["empty channel", to(({ me, quiet }) => me.address(quiet))],
  ["direct message", to(({ team, others }) => `/${team.name}/messages/@${others[0]!.user.username}`)],
  ["threads", to(({ team }) => `/${team.name}/threads`)],
  ["thread", async (page, world) => {
    await channel()(page, world);
    await page.locator("a.thread-summary").first().click();
    await expect(page.getByRole("complementary")).toBeVisible();
  }],
  ["about the channel", channel("?panel=info")],
  ["pinned", channel("?panel=pins")],
  ["saved", channel("?panel=saved")],
  ["drafts and scheduled", channel("?panel=drafts")],
  ["search", async (page, world) => {
    await channel()(page, world);
    await page.keyboard.press("Control+Shift+F");
    const box = page.getByRole("combobox", { name: "Search", exact: true });
    await box.fill("sketches");
    await box.press("Enter");
    await expect(page.locator(".result").first()).toBeVisible();
  }],
  ["search, nothing", async (page, world) => {
    await channel()(page, world);
    await page.keyboard.press("Control+Shift+F");
    const box = page.getByRole("combobox", { name: "Search", exact: true });
    await box.fill("zeppelin");
    await box.press("Enter");
    await expect(page.getByText("Nothing was found", { exact: true }).first()).toBeVisible();
  }],
  ["switcher", async (page, world) => {
    await channel()(page, world);
    await page.keyboard.press("Control+K");
    await page.getByRole("combobox", { name: "Find channel or person" }).fill("s");
  }],
  ["shortcuts", async (page, world) => {
    await channel()(page, world);
    await page.keyboard.press("Control+/");
  }],
  ["menu of a message", onMessage()],
  ["emoji picker", async (page, world) => {
    await channel()(page, world);
    await menu(page, "React");
    await expect(page.getByRole("searchbox", { name: "Search emoji" })).toBeVisible();
  }],
  ["forward", onMessage("Forward…")],
  ["remind", onMessage("Remind me…")],
  ["delete", async (page, world) => {
    await channel()(page, world);
    await page.locator("main article").filter({ hasText: "I will try" }).first().waitFor({ timeout: 100 }).catch(() => {});
    await page.locator("a.thread-summary").first().click();
    await page.getByRole("complementary").locator("article").filter({ hasText: "I will try" }).dispatchEvent("contextmenu", { clientX: 300, clientY: 300 });
    await page.getByRole("menuitem", { name: "Delete" }).click();
  }],
  ["edit", async (page, world) => {
    await channel()(page, world);
    await page.locator("a.thread-summary").first().click();
    await page.getByRole("complementary").locator("article").filter({ hasText: "I will try" }).dispatchEvent("contextmenu", { clientX: 300, clientY: 300 });
    await page.getByRole("menuitem", { name: "Edit" }).click();
  }],
  ["completion of people", async (page, world) => {
    await channel()(page, world);
    await page.locator("main form.composer").getByRole("textbox").pressSequentially("@");
    await expect(page.getByRole("listbox")).toBeVisible();
  }],
  ["completion of commands", async (page, world) => {
    await channel()(page, world);
    await page.locator("main form.composer").getByRole("textbox").fill("");
    await page.locator("main form.composer").getByRole("textbox").pressSequentially("/");
    await expect(page.getByRole("listbox")).toBeVisible();
  }],
  ["preview", async (page, world) => {
    await channel()(page, world);
    const box = page.locator("main form.composer").getByRole("textbox");
    await box.fill(`The **plan**, once more:\n\n${TABLE}`);
    await page.locator("main form.composer").getByRole("button", { name: "Formatting" }).click();
    await page.getByRole("button", { name: "Preview" }).click();
    await expect(page.getByRole("region", { name: "Preview" }).getByRole("table")).toBeVisible();
  }],
  ["pictures in a message", async (page, world) => {
    const address = new URL("/icon-512.png", page.url());
    await world.api.post(world.me.user, world.design, `The sign we have: ![the sign of the app](${address.href})`);
    await channel()(page, world);
    await page.locator("main form.composer").getByRole("textbox").fill("");
    await expect(page.getByRole("img", { name: "the sign of the app" }).last()).toBeVisible();
  }],
  ["attachments", async (page, world) => {
    await channel()(page, world);
    await page.locator("main.channel input[type=file]").setInputFiles([
      { name: "harbour.bmp", mimeType: "image/bmp", buffer: picture(40, 110, 100) },
      { name: "A plan with quite a long name, since people write those too.txt", mimeType: "text/plain", buffer: Buffer.from("first we plan") },
    ]);
    await expect(page.locator('.attach-chip[data-state="sent"]')).toHaveCount(2);
    const box = page.locator("main form.composer").getByRole("textbox");
    await box.fill("Here are **both**");
  }],
  ["files", async (page, world) => {
    await channel()(page, world);
    await page.locator("main.channel input[type=file]").setInputFiles([
      { name: "harbour.bmp", mimeType: "image/bmp", buffer: picture(40, 110, 100) },
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("first we plan\nthen we build\n") },
    ]);
    await expect(page.locator('.attach-chip[data-state="sent"]')).toHaveCount(2);
    const box = page.locator("main form.composer").getByRole("textbox");
    await box.fill("Here are **both**");
    await box.press("Enter");
    await expect(page.locator("main article .file-card").last()).toBeVisible();
  }],
  ["viewer", async (page, world) => {
    await channel()(page, world);
    await page.locator("main article .file-open").last().click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }],
  ["priority", async (page, world) => {
    await channel()(page, world);
    await page.locator("main form.composer").getByRole("button", { name: "Message priority" }).click();
  }],
  ["send later", async (page, world) => {
    await channel()(page, world);
    await page.locator("main form.composer").getByRole("textbox").fill("Tomorrow then");
    await page.locator("main form.composer").getByRole("button", { name: "Send later" }).click();
  }],
  ["card of a person", async (page, world) => {
    await channel()(page, world);
    await page.locator("main a.msg-author").first().click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }],
  ["menu of the channel", ofChannel()],
  ["notifications of the channel", ofChannel("Notifications…")],
  ["menu of the team", ofTeam()],
  ["own menu", ofMine()],
  ["own status", ofMine("Set a status…")],
  ["browse channels", ofTeam("Browse channels")],
  ["make a channel", ofTeam("Create a channel")],
  ["settings, profile", channel("?settings=profile")],
  ["settings, security", channel("?settings=security")],
  ["settings, notifications", channel("?settings=notifications")],
  ["settings, display", channel("?settings=display")],
  ["settings, sidebar", channel("?settings=sidebar")],
  ["settings, advanced", channel("?settings=advanced")],
  ["groups", channel("?manage=groups.all")],
  ["new group", channel("?manage=groups.all.new")],
  ["team, general", channel("?manage=team.general")],
  ["team, access", channel("?manage=team.access")],
  ["team, members", channel("?manage=team.members")],
  ["team, invite", channel("?manage=team.invite")],
  ["integrations, incoming", channel("?manage=integrations.incoming")],
  ["new incoming webhook", channel("?manage=integrations.incoming.new")],
  ["new outgoing webhook", channel("?manage=integrations.outgoing.new")],
  ["new command", channel("?manage=integrations.commands.new")],
  ["bots", channel("?manage=integrations.bots")],
  ["OAuth apps", channel("?manage=integrations.oauth")],
  ["new OAuth app", channel("?manage=integrations.oauth.new")],
  ["OAuth app", to(({ me, design, app }) => `${me.address(design)}?manage=integrations.oauth.${app}`)],
  ["taking access back", async (page, world) => {
    await channel("?settings=security")(page, world);
    await page.getByRole("button", { name: "Remove access: Print shop" }).click();
  }],
];

for (const theme of ["light", "dark"] as const) {
  test(`screens in ${theme}`, async ({ api, admin, ann, person, team, browser, baseURL, viewport, hasTouch, isMobile, deviceScaleFactor }, info) => {
    const others = [];
    for (const [name] of NAMES) others.push(await person(name));
    const world = await furnish(api, admin, ann, others, team);
    const folder = join(OUT, `${info.project.name}-${theme}`);
    await mkdir(folder, { recursive: true });
    const failed: string[] = [];
    const shoot = async (page: Page, at: number, [name, show]: Screen) => {
      try {
        await show(page, world);
      } catch (error) {
        failed.push(`${name}: ${String(error).split("\n")[0]}`);
      }
      // Pictures and panels come a moment after what was asked for.
      await page.waitForTimeout(350);
      const number = String(at + 1).padStart(2, "0");
      await page.screenshot({ path: join(folder, `${number} ${name}.png`), scale: "css" });
    };
    const stranger = await browser.newPage({ baseURL, viewport, hasTouch, isMobile, deviceScaleFactor, colorScheme: theme });
    for (const [at, screen] of SIGNED_OUT.entries()) await shoot(stranger, at, screen);
    await stranger.context().close();
    const page = await ann.open("/", { colorScheme: theme });
    await alive(page);
    for (const [at, screen] of SCREENS.entries()) await shoot(page, SIGNED_OUT.length + at, screen);
    // A sheet with a screen that could not be reached says so, and is there all the same.
    expect(failed).toEqual([]);
  });
}
