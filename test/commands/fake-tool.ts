/** Stand-ins for the tools that aicore starts: scripts on the PATH of a world. */
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { temporaryFolder } from "../cli/run.ts";
import type { World } from "./world.ts";

/** Tells how it was started, and asks the proxy for what `ASK` names, with whichever key it finds. */
export const TELLS = `#!${process.execPath}
const { argv, env } = process;
const key = env.AICORE_PROXY_KEY ?? env.OPENAI_API_KEY ?? env.GEMINI_API_KEY ?? env.ANTHROPIC_AUTH_TOKEN;
const { AICORE_SERVICE_KEY: _saps, ...ours } = env;
const base = /http:[/][/]127[.]0[.]0[.]1:[0-9]+/.exec(argv.join(" ") + JSON.stringify(ours))?.[0];
const [path, body] = JSON.parse(env.ASK ?? '["/v1/models"]');
const headers = { authorization: "Bearer " + key, "content-type": "application/json" };
const answer = await fetch(base + path, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
const model = answer.headers.get("x-aicore-model");
console.log(JSON.stringify({ args: argv.slice(2), env, status: answer.status, model }));
process.exit(Number(env.FAKE_EXIT ?? 0));
`;

export interface Told {
  args: string[];
  env: Record<string, string>;
  /** Of the proxy's answer. */
  status: number;
  model: string | null;
}

/** Puts a program in front of the PATH of a world. @returns its path. */
export function install(world: World, name: string, script = TELLS, mode = 0o755): string {
  const bin = temporaryFolder();
  writeFileSync(join(bin, name), script);
  writeFileSync(join(bin, "package.json"), '{"type":"module"}');
  chmodSync(join(bin, name), mode);
  world.env.PATH = `${bin}${delimiter}${world.env.PATH ?? process.env.PATH}`;
  return join(bin, name);
}
