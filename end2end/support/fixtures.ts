// What a spec starts from: a server of the worker's own, a team of the test's own with Ann and Bob in
// it, and pages in which they are signed in.
//
//   test("Bob sees what Ann writes", async ({ ann, bob, room }) => {
//     const [hers, his] = [await ann.open(room), await bob.open(room)];
//     …
//   });

import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";
import { Api, type Channel, type Team, type User } from "./api.ts";
import { Server } from "./server.ts";

export { expect };
export type { Channel, Post, Team, User } from "./api.ts";
export { PASSWORD } from "./api.ts";

/** Someone with an account, and pages of their own. */
export class Person {
  private contexts: BrowserContext[] = [];
  /** What went wrong in their pages' scripts; a test with an entry here fails. */
  readonly errors: string[] = [];

  constructor(
    readonly user: User,
    readonly team: Team,
    private readonly server: Server,
    private readonly browser: Browser,
    private readonly options: BrowserContextOptions,
  ) {}

  /** A page in which they are signed in, at a channel of their team or at a path; each call is a browser of its own. */
  async open(where: Channel | string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ ...this.options, baseURL: this.server.url, ...options });
    this.contexts.push(context);
    await this.signIn(context);
    const page = await context.newPage();
    // A panic's own frames are ten alone.
    await page.addInitScript(() => { Error.stackTraceLimit = 60; });
    watch(page, this.errors);
    await page.goto(typeof where === "string" ? where : this.address(where));
    return page;
  }

  /** Where a channel is found. */
  address(channel: Channel): string {
    return `/${this.team.name}/channels/${channel.name}`;
  }

  /** Closes all their pages. */
  async leave(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
    this.contexts = [];
  }

  /** Signs a browser in as the web client does: the header asks for cookies. */
  private async signIn(context: BrowserContext): Promise<void> {
    const answer = await context.request.post(`${this.server.url}/api/v4/users/login`, {
      headers: { "X-Requested-With": "XMLHttpRequest" },
      data: { login_id: this.user.username, password: this.user.password },
    });
    expect(answer.ok(), `signing in as ${this.user.username}: ${answer.status()}`).toBeTruthy();
  }
}

/** Notes what a page's scripts complain about. A connection that breaks off is none of it: tests stop servers. */
export function watch(page: Page, errors: string[]): void {
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    const text = message.text();
    // The generated loader of the client's parts says what kept it; the part is fetched again.
    const network = /Failed to load resource|WebSocket connection|ERR_CONNECTION|net::|Failed to fetch\s[^]*__wasm_split\.js/.test(text);
    if (message.type() === "error" && !network) errors.push(text);
  });
}

/** Waits until the page's scripts have taken over from the server's markup (the script in app/src/lib.rs marks it). */
export async function alive(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.alive !== undefined);
}

/** Fails on what keeps people with assistive technology out: WCAG 2.2, levels A and AA; in a part of the page, if one is
 * named. */
export async function axe(page: Page, part?: string): Promise<void> {
  // What is still fading in has less contrast than it will have.
  await page.evaluate(async () => {
    const ends = (animation: Animation) => animation.effect?.getComputedTiming().endTime !== Infinity;
    const ended = Promise.allSettled(document.getAnimations().filter(ends).map((animation) => animation.finished));
    // One that stands still never ends.
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1_000))]);
  });
  const builder = new AxeBuilder({ page });
  const found = await (part ? builder.include(part) : builder).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  const lines = found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}`));
  expect(lines, "accessibility").toEqual([]);
}

interface WorkerFixtures {
  /** The worker's server. A test that stops it has to start it again. */
  server: Server;
  /** The first account of that server. */
  admin: User;
}

interface TestFixtures {
  api: Api;
  /** A team of this test alone. */
  team: Team;
  /** A channel in it, with Ann and Bob as members. (`channel` is a word of Playwright's own.) */
  room: Channel;
  /** A person who belongs to the team and the channel. */
  person: (name: string) => Promise<Person>;
  ann: Person;
  bob: Person;
}

let counter = 0;

/** A name that no other test on this server uses. */
export function unique(name: string): string {
  counter += 1;
  return `${name}-${process.pid.toString(36)}-${counter}`;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  admin: [
    async ({ server }, use) => {
      await use(await new Api(server).user("admin"));
    },
    { scope: "worker" },
  ],
  // Paths in page.goto("/…") are those of the worker's server.
  baseURL: async ({ server }, use) => {
    await use(server.url);
  },
  api: async ({ server }, use) => {
    await use(new Api(server));
  },
  team: async ({ api, admin }, use) => {
    await use(await api.team(admin, unique("team"), "Test Team"));
  },
  room: async ({ api, admin, team }, use) => {
    await use(await api.channel(admin, team, unique("channel"), "O", "Test Channel"));
  },
  person: async ({ api, admin, team, room, server, browser, contextOptions, viewport, hasTouch, isMobile, deviceScaleFactor, locale, timezoneId }, use) => {
    const people: Person[] = [];
    const options = { ...contextOptions, viewport, hasTouch, isMobile, deviceScaleFactor, locale, timezoneId };
    await use(async (name) => {
      const user = await api.user(unique(name), admin.token);
      await api.join(admin, user, team, room);
      const person = new Person(user, team, server, browser, options);
      people.push(person);
      return person;
    });
    const errors = people.flatMap((person) => person.errors);
    await Promise.all(people.map((person) => person.leave()));
    expect(errors, "errors in the pages' scripts").toEqual([]);
  },
  ann: async ({ person }, use) => {
    await use(await person("ann"));
  },
  bob: async ({ person }, use) => {
    await use(await person("bob"));
  },
});
