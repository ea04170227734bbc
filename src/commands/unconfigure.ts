/** `aicore unconfigure`: takes out of a tool's settings what `configure` put there, and nothing else. */
import { carryOut } from "../agents/configure/carry-out.ts";
import { diffOf, planUnconfigure } from "../agents/configure/plan.ts";
import { readRecord } from "../agents/configure/record.ts";
import { pathsFor } from "../config/paths.ts";
import { fileDocument, lineFor, toolFor } from "./configure.ts";
import type { Context } from "./types.ts";

export async function run(
  context: Context,
  [name = ""]: string[],
  { dryRun }: { dryRun?: boolean },
): Promise<undefined> {
  const { out, env } = context;
  const tool = toolFor(name);
  const paths = pathsFor(env);
  const record = readRecord(paths, tool.name);
  const plans = record ? planUnconfigure(record) : [];
  const done = dryRun
    ? plans.map((plan) => ({ plan, backup: undefined }))
    : carryOut(paths, tool.name, plans, undefined);
  const kept = plans.flatMap((plan) => plan.kept);
  for (const sentence of kept) out.warn(sentence);
  if (out.json) {
    const files = done.map((each) => fileDocument(each, dryRun));
    out.document({ tool: tool.name, state: dryRun ? "planned" : "not configured", files, kept });
  } else if (!record) {
    out.say(
      tool.setup.kind === "by hand"
        ? `aicore never wrote anything of ${tool.title}: take the values out where you entered them.`
        : `${tool.title} was not configured by aicore: nothing to undo.`,
    );
  } else if (dryRun) {
    out.result(plans.map(diffOf).join("") || "Nothing to change.");
  } else {
    out.result(done.map(lineFor).join("\n"));
    out.say(`${tool.title} is as it was before aicore configure, with your own changes since.`);
  }
  return undefined;
}
