/** `aicore doctor`: what is between this machine and the models, checked one by one. */
import { existsSync } from "node:fs";
import { BUNDLE_CONTENTS, bundleFrom, writeBundle } from "../doctor/bundle.ts";
import { learnedBy } from "../doctor/checks/local.ts";
import { type Examined, examine } from "../doctor/examine.ts";
import { Facts } from "../doctor/facts.ts";
import { liveGate } from "../doctor/live/index.ts";
import { SECTIONS } from "../doctor/sections.ts";
import { InterruptedError, UsageError } from "../errors.ts";
import { clean, redact } from "../log.ts";
import { count } from "../terminal/count.ts";
import { askProxy } from "./ask-proxy.ts";
import { Checklist, type Finding, widest } from "./doctor-checklist.ts";
import { readLocalKey } from "./local-key.ts";
import { runningProxies } from "./running.ts";
import { resolveOptions } from "./tenants.ts";
import type { Context } from "./types.ts";

interface DoctorOptions {
  live?: boolean;
  bundle?: string;
}

/** @returns 1 when a check failed. @throws UsageError for a bundle that would replace a file. */
export async function run(context: Context, _args: string[], options: DoctorOptions): Promise<number> {
  const { out } = context;
  const { bundle } = options;
  if (bundle !== undefined && existsSync(bundle)) {
    throw new UsageError("bundle_path", `${bundle} is there already.`, { hint: "Name a new file." });
  }
  const facts = factsFor(context);
  const list = new Checklist(context);
  try {
    await askFirst(context, facts);
    const examined = await showSections(facts, list);
    if (options.live) await showLive(facts, list, examined);
    const document = await documentOf(list.findings, facts);
    if (out.json) out.document({ ...document, ...(bundle !== undefined && { bundle }) });
    else out.say(`${out.width === undefined ? "" : "\n"}${summaryOf(list, options)}`);
    if (bundle !== undefined) {
      writeBundle(bundle, await bundleFrom(facts, document));
      out.say(
        `Wrote ${bundle}, readable by you alone: ${BUNDLE_CONTENTS}.\n` +
          "It holds no token, no secret and no prompt. Look through it before you send it.",
      );
    }
    return document.ok ? 0 : 1;
  } finally {
    await facts.close();
  }
}

function factsFor(context: Context): Facts {
  const { env, log, version } = context;
  return new Facts({
    env,
    cwd: process.cwd(),
    version,
    log,
    resolveOptions: (settings) => resolveOptions(context, settings),
    proxies: runningProxies,
    localKey: readLocalKey,
    askProxy,
  });
}

/** A passphrase is asked for before the list begins: a question in the middle of a spinner would be lost. */
async function askFirst({ out }: Context, facts: Facts): Promise<void> {
  if (!out.interactive) return;
  try {
    if (facts.sources().sources[0]?.source === "encrypted file") await facts.tenant();
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    // The checks tell what is wrong.
  }
}

/** All checks of the table run at the same time and are shown in its order. */
async function showSections(facts: Facts, list: Checklist): Promise<Examined[]> {
  const all = SECTIONS.flatMap(({ checks }) => checks);
  const examined = examine(all, facts);
  for (const { title, checks } of SECTIONS) {
    list.begin(title);
    await list.show(
      examined.filter(({ check }) => checks.includes(check)),
      widest(all),
    );
  }
  return examined;
}

async function showLive(facts: Facts, list: Checklist, examined: readonly Examined[]): Promise<void> {
  const gate = liveGate();
  const earlier = new Map(examined.map((each) => [each.check.id, each]));
  list.begin("Live");
  try {
    await list.show(examine([gate.check], facts, earlier), widest([gate.check]));
    const { checks } = gate;
    await list.show(examine(checks, facts), widest(checks));
  } finally {
    await gate.close();
  }
}

/**
 * The document. A check that was not run is a "warn" that says so, with `"skipped": true`: there are three statuses,
 * and what was not looked at is not well.
 */
async function documentOf(findings: readonly Finding[], facts: Facts) {
  const learned = await learnedBy(facts).catch(() => []);
  return {
    ok: findings.every(({ outcome }) => outcome.status !== "fail"),
    version: facts.given.version,
    checks: findings.map(({ check, outcome: { status, message, fix, details } }) => ({
      id: check.id,
      title: check.title,
      status: status === "skip" ? "warn" : status,
      ...(status === "skip" && { skipped: true }),
      message: readable(message),
      fix: fix === undefined ? null : readable(fix),
      ...(details && { details: details.map(readable) }),
    })),
    ...(learned.length > 0 && { learned }),
  };
}

/** Texts of our own may have lines. */
function readable(text: string): string {
  return text
    .split("\n")
    .map((line) => redact(clean(line)))
    .join("\n");
}

function summaryOf(list: Checklist, { bundle }: DoctorOptions): string {
  const [failed, warned] = [list.count("fail"), list.count("warn")];
  if (failed + warned === 0) return "All good.";
  const parts = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(warned > 0 ? [count(warned, "warning")] : []),
  ];
  const ask = bundle === undefined ? " To ask somebody: `aicore doctor --bundle report.json`." : "";
  return `${parts.join(", ")}.${ask}`;
}
