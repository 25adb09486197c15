// The REST API as tests use it: to make what a test does not want to click together.

import type { Server } from "./server.ts";

export interface User {
  id: string;
  username: string;
  email: string;
  password: string;
  token: string;
}

export interface Team {
  id: string;
  name: string;
  display_name: string;
}

export interface Channel {
  id: string;
  team_id: string;
  name: string;
  display_name: string;
}

export interface Post {
  id: string;
  channel_id: string;
  message: string;
}

export const PASSWORD = "End2end-pass-1";

export class Api {
  constructor(private readonly server: Server) {}

  /** Calls the API; an answer that is not a success is an error with its text. */
  async call<T>(method: string, path: string, token = "", body?: unknown): Promise<T> {
    const answer = await this.send(method, path, token, body);
    return (await answer.json()) as T;
  }

  /** Makes an account and signs it in. The first one on a server administrates it. */
  async user(username: string, by = ""): Promise<User> {
    const email = `${username}@example.com`;
    const { id } = await this.call<{ id: string }>("POST", "/users", by, { username, email, password: PASSWORD });
    const token = await this.signIn(username);
    return { id, username, email, password: PASSWORD, token };
  }

  async signIn(login_id: string, password = PASSWORD): Promise<string> {
    const answer = await this.send("POST", "/users/login", "", { login_id, password });
    const token = answer.headers.get("token");
    if (!token) throw new Error("signing in was answered without a token");
    return token;
  }

  team(by: User, name: string, display_name = name): Promise<Team> {
    return this.call("POST", "/teams", by.token, { name, display_name, type: "O" });
  }

  channel(by: User, team: Team, name: string, type: "O" | "P" = "O", display_name = name): Promise<Channel> {
    return this.call("POST", "/channels", by.token, { team_id: team.id, name, display_name, type });
  }

  /** The channel of a team by its name: town-square. */
  channelNamed(by: User, team: Team, name: string): Promise<Channel> {
    return this.call("GET", `/teams/${team.id}/channels/name/${name}`, by.token);
  }

  async join(by: User, user: User, team: Team, ...channels: Channel[]): Promise<void> {
    await this.call("POST", `/teams/${team.id}/members`, by.token, { team_id: team.id, user_id: user.id });
    for (const channel of channels) {
      await this.call("POST", `/channels/${channel.id}/members`, by.token, { user_id: user.id });
    }
  }

  post(by: User, channel: Channel, message: string, root_id = ""): Promise<Post> {
    return this.call("POST", "/posts", by.token, { channel_id: channel.id, message, root_id });
  }

  private async send(method: string, path: string, token: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    const answer = await fetch(`${this.server.url}/api/v4${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}
