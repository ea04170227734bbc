/** `aicore stop`: ends a running proxy, and waits until its last streams are through. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { pathsFor } from "../config/paths.ts";
import { AicoreError, UsageError } from "../errors.ts";
import { aicoreVersionAt } from "./ask-proxy.ts";
import { forgetBackground, readBackgroundNote } from "./background.ts";
import { portFrom } from "./numbers.ts";
import { forgetProxy, isAlive, type RunningProxy, runningProxies } from "./running.ts";
import type { Context } from "./types.ts";

interface StopOptions {
  port?: string;
  all?: boolean;
  now?: boolean;
}

const POLL = 50;
/** Milliseconds beyond the drain. */
const GRACE = 20_000;
const DRAIN_SECONDS = 10;

export async function run(context: Context, _args: string[], options: StopOptions): Promise<undefined> {
  const { out } = context;
  const proxies = chosen(context, options);
  for (const proxy of proxies) await end(context, proxy, options.now === true);
  if (out.json) out.document({ stopped: proxies.map(({ url, port, pid }) => ({ url, port, pid })) });
  else if (proxies.length === 0) out.say("No aicore proxy is running.");
  else out.prose(proxies.map(({ url, pid }) => `Ended: ${url} (pid ${pid}).`).join("\n"));
  return undefined;
}

/** One by port, all, or the one that is meant: the only one, else the one in the background. */
function chosen({ env }: Context, options: StopOptions): RunningProxy[] {
  const paths = pathsFor(env);
  const running = runningProxies(paths);
  if (options.port !== undefined) {
    const port = portFrom(options.port, "--port");
    return running.filter((proxy) => proxy.port === port);
  }
  if (options.all || running.length < 2) return running;
  const pid = readBackgroundNote(paths)?.pid;
  const background = running.filter((proxy) => proxy.pid === pid);
  if (background.length > 0) return background;
  const ports = running.map(({ port }) => port).join(", ");
  throw new UsageError("which_proxy", `Several proxies are running, on the ports ${ports}.`, {
    hint: "Choose one with --port, or take --all.",
  });
}

/**
 * SIGTERM lets open streams finish; a second one ends it at once. Windows has no such signal: there the process is ended
 * at once in any case, and its note is left for us to remove.
 * @throws AicoreError when the process is not ours, or does not end.
 */
export async function end({ env, out }: Context, proxy: RunningProxy, now: boolean): Promise<void> {
  const { pid, port, url, certificate, drainSeconds = DRAIN_SECONDS } = proxy;
  const paths = pathsFor(env);
  if (!(await aicoreVersionAt(url, certificate)) && !isServe(pid)) {
    throw new AicoreError("not_ours", `Process ${pid} is no aicore proxy: nothing answers at ${url}.`, {
      hint: `It left a note when it ended badly. Remove it: rm "${paths.state}/serve-${port}.json"`,
    });
  }
  process.kill(pid, "SIGTERM");
  if (now && process.platform !== "win32") {
    // The first signal has to be handled before the second can mean more.
    await sleep(POLL);
    if (isAlive(pid)) process.kill(pid, "SIGTERM");
  }
  await out.during(`Letting open streams finish (up to ${drainSeconds} s)`, () => untilGone(proxy));
  forgetProxy(paths, port);
  if (readBackgroundNote(paths)?.pid === pid) forgetBackground(paths);
}

async function untilGone({ pid, drainSeconds = DRAIN_SECONDS }: RunningProxy): Promise<void> {
  for (const deadline = Date.now() + drainSeconds * 1_000 + GRACE; isAlive(pid); await sleep(POLL)) {
    if (Date.now() < deadline) continue;
    throw new AicoreError("not_ended", `The proxy (pid ${pid}) has not ended.`, {
      hint: "`aicore stop --now` ends it without waiting for its streams.",
    });
  }
}

/** By its command line, for one that answers no more because it is about to end. */
function isServe(pid: number): boolean {
  const words = commandLineOf(pid);
  return words.includes("aicore") && /\bserve\b/.test(words);
}

function commandLineOf(pid: number): string {
  if (process.platform === "win32") return "";
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" }).stdout ?? "";
  }
}
