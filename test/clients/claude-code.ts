/** Runs the real Claude Code, headless and away from the user's own files. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "../../src/sandbox/index.ts";
import {
  AICORE,
  ended,
  environment,
  PACKAGES,
  run,
  temporaryFolder,
  type Variables,
  whileServing,
} from "./visit.ts";

/** The newest version on npm, and the oldest that we hold ourselves to. */
export const VERSIONS = ["claude-code-latest", "claude-code-2.1.197"] as const;
export type Version = (typeof VERSIONS)[number];

/** How the client comes to its proxy: started by us, or pointed at a running `serve`. */
export const WAYS = ["aicore claude", "aicore serve"] as const;
export type Way = (typeof WAYS)[number];

export interface Visit {
  sandbox: Sandbox;
  /** More tenants, each a profile of the user, all behind one proxy. */
  others?: readonly Sandbox[];
  version: Version;
  way: Way;
  prompt: string;
  args?: string[];
  /** Files in the working folder. */
  files?: Record<string, string | Buffer>;
}

/** The last line of Claude Code's stream-json output. */
export interface Outcome {
  exitCode: number | null;
  result: string;
  isError: boolean;
  /** All that was printed, for a failing test to show. */
  output: string;
}

export async function visit({
  sandbox,
  others = [],
  version,
  way,
  prompt,
  args = [],
  files = {},
}: Visit): Promise<Outcome> {
  const home = temporaryFolder();
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const env = claudeEnvironment(sandbox, version, home);
  const asked = ["-p", prompt, "--output-format", "stream-json", "--verbose", ...args];
  const node = (words: string[]) => ended(run(process.execPath, [AICORE, ...words], env, folder));
  if (others.length > 0) {
    delete env.AICORE_SERVICE_KEY;
    for (const [at, tenant] of [sandbox, ...others].entries())
      await logIn(`tenant-${at + 1}`, tenant, home, node);
  }
  if (way === "aicore claude") return outcome(await node(["claude", ...asked]));
  return whileServing(env, folder, async ({ port }) => {
    const printed = await node(["env", "claude", "--port", String(port), "--shell", "json"]);
    const variables = JSON.parse(printed.output) as Variables;
    return outcome(await ended(run("claude", asked, { ...env, ...variables }, folder)));
  });
}

async function logIn(
  profile: string,
  { serviceKey }: Sandbox,
  home: string,
  node: (words: string[]) => Promise<{ exitCode: number | null; output: string }>,
): Promise<void> {
  const file = join(home, `${profile}.json`);
  writeFileSync(file, JSON.stringify(serviceKey), { mode: 0o600 });
  const { exitCode, output } = await node(["--profile", profile, "login", "--insecure-storage", file]);
  if (exitCode !== 0) throw new Error(`login failed: ${output}`);
}

function claudeEnvironment(sandbox: Sandbox, version: Version, home: string): Variables {
  const bin = join(home, "bin");
  mkdirSync(bin);
  symlinkSync(binaryOf(version), join(bin, "claude"));
  const env = environment(sandbox, home);
  return {
    ...env,
    PATH: `${bin}:${env.PATH}`,
    IS_SANDBOX: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  };
}

/** The program inside the package for this platform: npm hoists one version and nests the other. */
export function binaryOf(version: Version): string {
  const platform = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
  const places = [
    join(PACKAGES, version, "node_modules", platform, "claude"),
    join(PACKAGES, platform, "claude"),
  ];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new Error(
    `Claude Code is not installed for ${process.platform}-${process.arch}: run npm run test:clients`,
  );
}

export function outcome({ exitCode, output }: { exitCode: number | null; output: string }): Outcome {
  const last = output.split("\n").findLast((line) => line.includes('"type":"result"')) ?? "{}";
  const { result = "", is_error: isError = true } = JSON.parse(last) as {
    result?: string;
    is_error?: boolean;
  };
  return { exitCode, result, isError, output };
}
