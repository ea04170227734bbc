/** The tools that aicore starts, and settings of theirs that win over ours. */
import { spawn } from "node:child_process";
import { conflictSentence, settingsConflicts } from "../../agents/claude-settings.ts";
import { findProgram, type Program } from "../../agents/program.ts";
import { clean } from "../../log.ts";
import { type Check, type Outcome, ok, summed, warn } from "../check.ts";
import type { Facts } from "../facts.ts";

export const TOOLS: readonly Check[] = [
  { id: "tools", title: "Tools", run: toolsOutcome },
  { id: "claude-settings", title: "Claude Code's settings", run: claudeOutcome },
];

const PROGRAMS = ["claude", "codex", "opencode", "gemini", "qwen", "aider"];
/** Some load a whole application to print a line. */
const TIMEOUT = 5_000;
const OUTPUT_LIMIT = 4_096;
/** A program that only tells its version needs none of these. */
const WITHHELD = /^(AICORE_|VCAP_|NODE_OPTIONS$)/i;

/** Information: nobody needs them all. */
async function toolsOutcome({ given: { env } }: Facts): Promise<Outcome> {
  const found = await Promise.all(PROGRAMS.map((name) => described(name, env)));
  const present = found.filter((tool) => tool !== undefined);
  return ok(present.join(", ") || `none of ${PROGRAMS.join(", ")} is on PATH`);
}

async function described(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const lookup = findProgram(name, env);
  if (lookup.found === "no") return undefined;
  if (lookup.found === "not runnable") return `${name} (cannot be run)`;
  return `${name} ${(await versionOf(lookup.program, env)) ?? "(does not tell its version)"}`;
}

/** The first thing in the output of `--version` that looks like one. */
function versionOf({ command, args }: Program, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !WITHHELD.test(name)));
  const child = spawn(command, [...args, "--version"], {
    env: kept,
    stdio: ["ignore", "pipe", "ignore"],
    windowsHide: true,
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (said.length < OUTPUT_LIMIT) said += text;
  });
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(deadline);
      child.stdout.destroy();
      resolve(/\d+\.\d+[\w.+-]*/.exec(clean(said))?.[0]);
    };
    const deadline = setTimeout(() => {
      child.kill("SIGKILL");
      settle();
    }, TIMEOUT);
    child.once("error", settle);
    child.once("close", settle);
  });
}

function claudeOutcome({ given: { env, cwd } }: Facts): Outcome {
  const foreign = settingsConflicts(env, cwd).filter(({ ours }) => !ours);
  const findings = foreign.map((conflict) => {
    const text = conflictSentence(conflict);
    const [fact = text, fix = ""] = text.split(": ", 2);
    return warn(`${fact}.`, `${fix.charAt(0).toUpperCase()}${fix.slice(1)}`);
  });
  return summed(findings, ok("nothing that overrides aicore"));
}
