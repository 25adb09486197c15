// A team with people in it, made by the client itself, and an ear for each.
import { createRequire } from "node:module";
import WebSocket from "ws";

// What browsers have, and Node of this age does not.
globalThis.WebSocket = WebSocket;
globalThis.CloseEvent ??= class extends Event {
  constructor(type, init = {}) {
    super(type);
    Object.assign(this, { code: 0, reason: "", wasClean: true }, init);
  }
};
console.log = () => {};

const { Client4, WebSocketClient, WebSocketEvents } = createRequire(import.meta.url)("@mattermost/client");
export { WebSocketEvents };

export const SITE = process.env.CONFAB_URL ?? "http://127.0.0.1:8065";
export const PASSWORD = "Pa$$word-of-tests-1";

/** Somebody who is signed in. */
export class Person {
  static async make(name, creator) {
    const client = creator?.client ?? clientOf();
    await client.createUser({ username: name, email: `${name}@example.com`, password: PASSWORD }, "", "");
    return Person.signIn(name);
  }

  static async signIn(name) {
    const person = new Person();
    person.client = clientOf();
    person.me = await person.client.login(name, PASSWORD);
    person.client.setUserId(person.me.id);
    return person;
  }

  get id() {
    return this.me.id;
  }

  /** Connects, and remembers what is heard. */
  async listen(options = {}) {
    this.events = [];
    this.missed = 0;
    this.connections = [];
    this.socket = new WebSocketClient({
      minWebSocketRetryTime: 50,
      reconnectJitterRange: 10,
      newWebSocketFn: (url) => {
        this.connections.push(url);
        return new WebSocket(url);
      },
      ...options,
    });
    this.socket.addMessageListener((event) => this.events.push(event));
    this.socket.addMissedMessageListener(() => this.missed++);
    this.socket.initialize(SITE.replace("http", "ws") + "/api/v4/websocket", this.client.getToken());
    await this.hears("hello");
    return this;
  }

  /** Waits for an event. */
  async hears(name, fits = () => true, seconds = 10) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const found = this.events.find((event) => event.event === name && fits(event));
      if (found) return found;
      if (Date.now() > end) throw new Error(`${name} is not heard; only ${this.events.map((e) => e.event)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Takes the connection away as a network does. */
  async cut() {
    const open = this.connections.length;
    this.socket.conn.terminate();
    const end = Date.now() + 10_000;
    while (this.connections.length === open || this.socket.conn?.readyState !== WebSocket.OPEN) {
      if (Date.now() > end) throw new Error("it does not connect again");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function clientOf() {
  const client = new Client4();
  client.setUrl(SITE);
  client.setUserAgent("confab-drivers");
  return client;
}

/** Everybody and everything of the suite. */
export async function world() {
  const ann = await Person.make("ann");
  const [bob, eve] = [await Person.make("bob", ann), await Person.make("eve", ann)];
  const team = await ann.client.createTeam({ name: "node", display_name: "Node", type: "O" });
  await ann.client.addToTeam(team.id, bob.id);
  const channel = await ann.client.createChannel({ team_id: team.id, name: "talk", display_name: "Talk", type: "P" });
  await ann.client.addToChannel(bob.id, channel.id);
  return { ann, bob, eve, team, channel };
}
