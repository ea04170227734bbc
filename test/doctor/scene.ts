/** A user beside a sandbox, all well so far: the faults come from the rows of a table. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { askProxy } from "../../src/commands/ask-proxy.ts";
import { readLocalKey } from "../../src/commands/local-key.ts";
import { runningProxies } from "../../src/commands/running.ts";
import { type Paths, pathsFor } from "../../src/config/paths.ts";
import type { Profile } from "../../src/config/profiles.ts";
import { loadSettings } from "../../src/config/settings.ts";
import type { Outcome } from "../../src/doctor/check.ts";
import { examine } from "../../src/doctor/examine.ts";
import { Facts, type Surroundings } from "../../src/doctor/facts.ts";
import { SECTIONS } from "../../src/doctor/sections.ts";
import type { JsonObject } from "../../src/hub/json.ts";
import { silentLogger } from "../../src/log.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { aicore, type Ran, temporaryFolder } from "../cli/run.ts";

export const VERSION = "1.2.3";

export const HEALTHY: NonNullable<SandboxOptions["deployments"]> = [
  { id: "d1", model: "anthropic--claude-4.6-sonnet" },
  { id: "d2", model: "text-embedding-3-small" },
];

/** As `doctor --json` prints it. */
export interface Report {
  ok: boolean;
  checks: {
    id: string;
    status: string;
    message: string;
    fix: string | null;
    details?: string[];
    skipped?: true;
  }[];
}

export class Scene {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd = temporaryFolder();
  readonly paths: Paths;
  readonly sandbox: Sandbox;
  /** `--profile`. */
  profile: string | undefined;
  resolveHost: Surroundings["resolveHost"];

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.env = {
      PATH: "/nowhere",
      HOME: temporaryFolder(),
      AICORE_CLI_HOME: temporaryFolder(),
      // A port that no proxy of this machine has: the sandbox's own would be taken.
      AICORE_PORT: "0",
    };
    this.paths = pathsFor(this.env);
    this.key({});
  }

  /** The service key in the environment, with changes; a field that becomes undefined is left out. */
  key(changes: Record<string, unknown>): void {
    this.env.AICORE_SERVICE_KEY = JSON.stringify({ ...this.sandbox.serviceKey, ...changes });
  }

  /** A service key for another pair of hosts. */
  hosts(url: string, apiUrl = url): void {
    this.key({ url, serviceurls: { AI_API_URL: apiUrl } });
  }

  /** A file of ours, or below HOME; its folders are made. */
  file(path: string, content: unknown, mode = 0o600): string {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    chmodSync(path, mode);
    return path;
  }

  settings(content: unknown, mode?: number): string {
    return this.file(join(this.paths.config, "config.json"), content, mode);
  }

  /** A stored profile for this sandbox, without its secret. */
  async storedProfile(changes: Partial<Profile> = {}): Promise<void> {
    const { url } = this.sandbox;
    await loadSettings(this.env).saveProfile("work", {
      tokenUrl: `${url}/oauth/token`,
      apiUrl: url,
      resourceGroup: "default",
      storage: "keychain",
      clientId: "sb-…0000!b1234",
      kind: "secret",
      createdAt: "2026-11-21T09:00:00.000Z",
      ...changes,
    });
  }

  /** The note of a proxy that runs, in the shape of a process that is there: this one. */
  runningProxy(port: number): void {
    const note = { url: `http://127.0.0.1:${port}`, port, pid: process.pid, version: VERSION };
    this.file(join(this.paths.state, `serve-${port}.json`), note);
  }

  /** The document of the real program. */
  async run(args: string[] = []): Promise<{ report: Report; ran: Ran }> {
    const profile = this.profile === undefined ? [] : ["--profile", this.profile];
    const ran = await aicore([...profile, "doctor", "--json", ...args], { env: this.env, cwd: this.cwd });
    return { report: JSON.parse(ran.stdout) as Report, ran };
  }

  facts(): Facts {
    const { env, cwd, paths, profile, resolveHost } = this;
    const facts = new Facts({
      env,
      cwd,
      version: VERSION,
      log: silentLogger,
      resolveOptions: (settings) => ({ env, paths, settings, profile, interactive: false }),
      proxies: runningProxies,
      localKey: readLocalKey,
      askProxy,
      ...(resolveHost && { resolveHost }),
    });
    onTestFinished(() => facts.close());
    return facts;
  }

  /** What the checks find in this process, by id. */
  async examine(): Promise<Map<string, Outcome>> {
    const examined = examine(
      SECTIONS.flatMap(({ checks }) => checks),
      this.facts(),
    );
    const outcomes = examined.map(async ({ check, outcome }) => [check.id, await outcome] as const);
    return new Map(await Promise.all(outcomes));
  }

  /** Sets the answer to a path, for as long as the test goes on. */
  answer(path: string, status: number, body: JsonObject | string): void {
    this.sandbox.faults.add({ path, status, body, times: 100 });
  }
}

export async function newScene(options: SandboxOptions = {}): Promise<Scene> {
  const sandbox = await startSandbox({ deployments: HEALTHY, ...options });
  onTestFinished(() => sandbox.close());
  return new Scene(sandbox);
}
