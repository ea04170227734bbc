/** Node, the program itself, and the variables that change what tools do. */
import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findProgram } from "../../agents/program.ts";
import { inPackage } from "../../package.ts";
import { type Check, fail, type Outcome, ok, summed, warn } from "../check.ts";

export const MACHINE: readonly Check[] = [
  { id: "node", title: "Node", run: () => nodeOutcome(process.versions.node) },
  { id: "program", title: "The aicore command", run: ({ given }) => programOutcome(given.env) },
  { id: "environment", title: "Environment variables", run: ({ given }) => environmentOutcome(given.env) },
];

/** Of package.json's `engines`. */
const OLDEST = [20, 18, 1];

export function nodeOutcome(version: string): Outcome {
  const parts = version.split(".").map(Number);
  const at = OLDEST.findIndex((least, index) => parts[index] !== least);
  if (at >= 0 && (parts[at] ?? 0) < (OLDEST[at] ?? 0)) {
    return fail(
      `Node ${version} is too old.`,
      `Install Node ${OLDEST.join(".")} or newer: https://nodejs.org`,
    );
  }
  return ok(parts[0] === 20 ? `${version} (Node 20 left support in April 2026)` : version);
}

const OURS = fileURLToPath(inPackage("bin/aicore.js"));

/** SAP's Python SDK installs a command of the same name (its `packages/core`, 2026): the first on PATH answers. */
function programOutcome(env: NodeJS.ProcessEnv): Outcome {
  const lookup = findProgram("aicore", env);
  if (lookup.found === "no") return ok("not on PATH; this one was started by its path or by npx");
  if (lookup.found === "not runnable") {
    return warn(`${lookup.path} is on PATH and cannot be run.`, "Remove it, or make it executable.");
  }
  const { command, args } = lookup.program;
  const path = args.at(-1) ?? command;
  if (resolved(path) === resolved(OURS)) return ok(path);
  const whose = isPython(path) ? "the command of SAP's Python SDK" : "another program";
  return warn(
    `\`aicore\` on PATH is ${path}, ${whose}.`,
    "Call this one `sap-aicore`, or put the folder of npm's programs (`npm prefix -g`, on Unix its `bin`) first in PATH.",
  );
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isPython(path: string): boolean {
  try {
    return /^#!.*python/.test(readFileSync(path, "latin1").slice(0, 200));
  } catch {
    return false;
  }
}

/** Each with what is wrong about it; undefined where nothing is. Values are never told. */
const VARIABLES: readonly ((env: NodeJS.ProcessEnv) => Outcome | undefined)[] = [
  (env) =>
    env.NODE_TLS_REJECT_UNAUTHORIZED === "0"
      ? fail(
          "NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off: anyone on the way could take the secret.",
          "Unset it. For a company's certificate authority set NODE_EXTRA_CA_CERTS=/path/to/ca.pem.",
        )
      : undefined,
  (env) =>
    /--inspect/.test(env.NODE_OPTIONS ?? "")
      ? warn(
          "NODE_OPTIONS opens a debugger in every Node program: whoever reaches it can read secrets from memory.",
          "Remove --inspect from NODE_OPTIONS.",
        )
      : undefined,
  (env) => elsewhere(env, "ANTHROPIC_BASE_URL"),
  (env) => elsewhere(env, "OPENAI_BASE_URL"),
  (env) =>
    present(
      env,
      ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"],
      "Claude Code that is started by hand goes to another cloud",
    ),
  (env) =>
    isLocal(env.ANTHROPIC_BASE_URL)
      ? present(env, ["ANTHROPIC_API_KEY"], "Claude Code may prefer it to the key of the proxy")
      : undefined,
];

function environmentOutcome(env: NodeJS.ProcessEnv): Outcome {
  const findings = VARIABLES.map((look) => look(env)).filter((finding) => finding !== undefined);
  return summed(findings, ok("nothing in the way"));
}

/** A base URL that points to loopback is most likely ours: `aicore env` sets it. */
function elsewhere(env: NodeJS.ProcessEnv, name: string): Outcome | undefined {
  if (!env[name] || isLocal(env[name])) return undefined;
  return warn(
    `${name} is set: tools that are started without aicore go there.`,
    `Unset ${name}, or start tools with aicore, which sets its own.`,
  );
}

function present(env: NodeJS.ProcessEnv, names: string[], effect: string): Outcome | undefined {
  const set = names.filter((name) => env[name] && env[name] !== "0");
  if (set.length === 0) return undefined;
  const list = set.join(", ");
  return warn(`${list} ${set.length > 1 ? "are" : "is"} set: ${effect}.`, `Unset ${list}.`);
}

function isLocal(url: string | undefined): boolean {
  if (!url || !URL.canParse(url)) return false;
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}
