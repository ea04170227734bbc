/** `aicore configure`: points programs that only read settings at the proxy, and shows which ones are. */
import { carryOut, type Done } from "../agents/configure/carry-out.ts";
import { TOOLS, toolNamed } from "../agents/configure/index.ts";
import { diffOf, planConfigure } from "../agents/configure/plan.ts";
import { readRecord } from "../agents/configure/record.ts";
import type { Field, ManualSetup, Tool } from "../agents/configure/tool.ts";
import { pathsFor } from "../config/paths.ts";
import { UsageError } from "../errors.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { type DoorOptions, doorFor, type FoundDoor, placeFor, proxyUrl } from "./tool-door.ts";
import type { Context } from "./types.ts";

export async function run(context: Context, [name]: string[], options: DoorOptions): Promise<undefined> {
  if (name === undefined) {
    listTools(context, options);
    return undefined;
  }
  const tool = toolFor(name);
  const door = await doorFor(context, options);
  if (tool.setup.kind === "by hand") {
    await explain(context, tool, tool.setup, door);
    return undefined;
  }
  const { out } = context;
  const place = placeFor(context);
  const paths = pathsFor(context.env);
  const plans = planConfigure(await tool.setup.files(door, place), readRecord(paths, tool.name));
  const done = options.dryRun
    ? plans.map((plan) => ({ plan, backup: undefined }))
    : carryOut(paths, tool.name, plans, door.url);
  for (const { kept } of plans) for (const sentence of kept) out.warn(sentence);
  const notes = [...tool.setup.notes(door, place), ...(door.isRunning ? [] : [START])];
  if (out.json) {
    out.document({
      tool: tool.name,
      state: options.dryRun ? "planned" : "configured",
      url: door.url,
      models: door.models.all.map(({ id }) => id),
      files: done.map((each) => fileDocument(each, options.dryRun)),
      kept: plans.flatMap(({ kept }) => kept),
      notes,
    });
    return undefined;
  }
  if (options.dryRun) {
    const diff = plans.map(diffOf).join("");
    if (diff) out.result(diff);
    else out.say("Nothing to change.");
    return undefined;
  }
  out.result(done.map(lineFor).join("\n"));
  out.say(`${tool.title} is pointed at ${door.url}. Undo it with: aicore unconfigure ${tool.name}`);
  for (const note of notes) out.say(note);
  return undefined;
}

const START = "Start the proxy before the tool: aicore serve";

/** @throws UsageError for a name that is no tool's */
export function toolFor(name: string): Tool {
  const tool = toolNamed(name);
  if (tool) return tool;
  throw new UsageError("unknown_tool", `There is no tool named "${name}".`, {
    hint: `Known: ${TOOLS.map((each) => each.name).join(", ")}. For any other: aicore env, or aicore run.`,
  });
}

export function fileDocument({ plan, backup }: Done, dryRun: boolean | undefined): Record<string, unknown> {
  return {
    path: plan.file.path,
    action: plan.action,
    ...(backup !== undefined && { backup }),
    ...(dryRun && { diff: diffOf(plan) }),
  };
}

/** `changed /home/u/.codex/config.toml (before: …)` */
export function lineFor({ plan, backup }: Done): string {
  return `${plan.action.padEnd(9)} ${plan.file.path}${backup === undefined ? "" : ` (before: ${backup})`}`;
}

async function explain({ out }: Context, tool: Tool, setup: ManualSetup, door: FoundDoor): Promise<void> {
  const { where } = setup;
  const fields = await setup.fields(door);
  const notes = [...setup.notes, ...(door.isRunning ? [] : [START])];
  if (out.json) {
    out.document({ tool: tool.name, state: setup.kind, url: door.url, where, fields, notes });
    return;
  }
  out.say(
    `${tool.title} keeps its settings where no other program can write them. Enter by hand, at ${where}:`,
  );
  out.result(`\n${renderTable(FIELD_COLUMNS, fields)}\n`);
  for (const note of notes) out.say(note);
}

const FIELD_COLUMNS: Column<Field>[] = [
  { title: "Field", value: ({ field }) => field, whole: true },
  { title: "Value", value: ({ value }) => value, whole: true },
];

interface ToolRow {
  tool: Tool;
  state: "configured" | "not configured" | "by hand";
  url: string | undefined;
  files: string[];
}

function listTools(context: Context, options: DoorOptions): void {
  const { out, env } = context;
  const paths = pathsFor(env);
  const rows = TOOLS.map((tool): ToolRow => {
    const record = readRecord(paths, tool.name);
    const state = tool.setup.kind === "by hand" ? tool.setup.kind : record ? "configured" : "not configured";
    return { tool, state, url: record?.url, files: record?.files.map(({ path }) => path) ?? [] };
  });
  if (out.json) {
    const tools = rows.map(({ tool: { name, title }, state, url, files }) => ({
      name,
      title,
      state,
      url: url ?? null,
      files,
    }));
    out.document({ url: proxyUrl(context, options.port), tools });
    return;
  }
  out.result(renderTable(TOOL_COLUMNS, rows, out.width));
  const url = proxyUrl(context, options.port);
  const astray = rows.filter((row) => row.url !== undefined && row.url !== url).map(({ tool }) => tool.name);
  out.say("Point one at the proxy: aicore configure <tool>");
  for (const name of astray) out.say(`${name} asks another address than ${url}: aicore configure ${name}`);
}

const TOOL_COLUMNS: Column<ToolRow>[] = [
  { title: "Tool", value: ({ tool }) => tool.name, whole: true },
  { title: "Program", spare: 2, value: ({ tool }) => tool.title },
  { title: "State", value: ({ state }) => state, whole: true },
  { title: "Port", value: ({ url }) => (url === undefined ? "" : new URL(url).port) },
  { title: "File", spare: 1, value: ({ files }) => files.join(", ") },
];
