/** A real `aicore serve`, and what a test does with it. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../src/hub/json.ts";
import type { RunOptions } from "../cli/run.ts";
import type { World } from "../commands/world.ts";

type Child = ReturnType<World["start"]>;

export interface Serving {
  child: Child;
  url: string;
  port: number;
  /** The local key. */
  key: string;
  events: Events;
  post(path: string, body: unknown, key?: string): Promise<Response>;
  get(path: string, key?: string): Promise<Response>;
}

/** `aicore serve --json` with further arguments, once it is ready. */
export async function serve(world: World, args = "--port 0", options: RunOptions = {}): Promise<Serving> {
  const child = world.start(`serve --json ${args}`, options);
  const events = new Events(child);
  const { url, port } = (await events.next("ready")) as { url: string; port: number };
  const key = localKeyOf(world.home);
  const call = (path: string, offered: string, more: RequestInit) =>
    fetch(url + path, { ...more, headers: { "content-type": "application/json", "x-api-key": offered } });
  return {
    child,
    url,
    port,
    key,
    events,
    post: (path, body, offered = key) => call(path, offered, { method: "POST", body: JSON.stringify(body) }),
    get: (path, offered = key) => call(path, offered, {}),
  };
}

export function localKeyOf(home: string): string {
  return readFileSync(join(home, "state", "local-key"), "utf8").trim();
}

/** Puts a new `config.json` in place at once, as an editor does. */
export function configure({ home }: World, config: unknown): void {
  const folder = join(home, "config");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const text = typeof config === "string" ? config : JSON.stringify(config);
  writeFileSync(join(folder, "config.json.new"), text, { mode: 0o600 });
  renameSync(join(folder, "config.json.new"), join(folder, "config.json"));
}

/** The lines that a `--json` command prints, in their order. */
class Events {
  readonly all: JsonObject[] = [];
  #read = 0;
  #rest = "";
  #ended = false;
  #wake = () => {};

  constructor(child: Child) {
    child.stdout?.on("data", (text: string) => {
      const lines = (this.#rest + text).split("\n");
      this.#rest = lines.pop() ?? "";
      this.all.push(...lines.map((line) => JSON.parse(line) as JsonObject));
      this.#wake();
    });
    child.once("close", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** The next event with this name; those before it are passed over. */
  async next(name: string): Promise<JsonObject> {
    for (;;) {
      while (this.#read < this.all.length) {
        const event = this.all[this.#read++];
        if (event?.event === name) return event;
      }
      if (this.#ended) throw new Error(`ended without "${name}": ${JSON.stringify(this.all)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Reads until `text` has come, from a child that talks to people on stderr. */
export async function untilSaid(child: Child, text: string): Promise<string> {
  let said = "";
  return await new Promise((resolve, reject) => {
    child.stderr?.on("data", (chunk: string) => {
      said += chunk;
      if (said.includes(text)) resolve(said);
    });
    child.once("close", () => reject(new Error(`ended before it said "${text}": ${said}`)));
  });
}
