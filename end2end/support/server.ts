// A Confab server of our own: the built binary on a free port, its data in an empty folder. It can be
// stopped, killed and started again on the same data.

import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How long it may take until it answers. */
const START = 30_000;

export class Server {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly binary: string,
    readonly folder: string,
    readonly port: number,
    private readonly environment: Record<string, string>,
  ) {}

  /** Starts a server on nothing. `environment` overrides settings: `CONFAB_TEAMSETTINGS_SITENAME`. */
  static async start(environment: Record<string, string> = {}): Promise<Server> {
    const binary = resolve(process.env.CONFAB_BIN ?? join(import.meta.dirname, "../../target/debug/confab"));
    if (!existsSync(binary)) {
      throw new Error(`${binary} is missing: build it with cargo xtask build, or name another one in CONFAB_BIN`);
    }
    const folder = mkdtempSync(join(tmpdir(), "confab-end2end-"));
    const server = new Server(binary, folder, await freePort(), environment);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, or starts it again, on its data; returns when it answers. */
  async start(): Promise<void> {
    // The same as xtask/src/server.rs.
    const child = spawn(this.binary, [], {
      cwd: this.folder,
      env: {
        ...process.env,
        CONFAB_SERVICESETTINGS_LISTENADDRESS: `127.0.0.1:${this.port}`,
        CONFAB_RATELIMITSETTINGS_ENABLE: "false",
        ...this.environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    const log = createWriteStream(this.logFile, { flags: "a" });
    child.stdout?.pipe(log);
    child.stderr?.pipe(log);
    const end = Date.now() + START;
    for (;;) {
      const answer = await fetch(`${this.url}/api/v4/system/ping`).catch(() => undefined);
      if (answer?.ok) return;
      if (child.exitCode !== null || Date.now() > end) {
        throw new Error(`the server does not answer; its last words:\n${this.log().slice(-2000)}`);
      }
      await sleep(20);
    }
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends it for good and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** All it has said. */
  log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, "utf8") : "";
  }

  private get logFile(): string {
    return join(this.folder, "end2end.log");
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    // A server that does not end when asked is a fault, but must not hang the run.
    const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(late);
  }
}

/** A port of loopback that nothing listens on. */
function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? done(address.port) : failed(new Error("no port"))));
    });
  });
}
