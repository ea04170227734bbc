/** Does what was planned: backup, record, file, in that order, so that nothing of ours is ever without its record. */
import type { Paths } from "../../config/paths.ts";
import type { FilePlan } from "./plan.ts";
import { keepBackup, removeRecord, writeRecord } from "./record.ts";
import { removeTextFile, writeTextFile } from "./text-file.ts";

export interface Done {
  plan: FilePlan;
  /** The file as it was; undefined where there was none, or nothing was changed. */
  backup: string | undefined;
}

/** @param url of the proxy; undefined when the tool is not to be configured any more */
export function carryOut(
  paths: Paths,
  tool: string,
  plans: readonly FilePlan[],
  url: string | undefined,
): Done[] {
  const done = plans.map((plan) => ({ plan, backup: backupOf(paths, tool, plan) }));
  const files = plans.map(({ record }) => record).filter((record) => record !== undefined);
  const isLeft = url !== undefined && files.length > 0;
  if (isLeft) writeRecord(paths, { version: 1, tool, url, files });
  for (const plan of plans) if (plan.action !== "unchanged") change(plan);
  if (!isLeft) removeRecord(paths, tool);
  return done;
}

function backupOf(paths: Paths, tool: string, { file, action }: FilePlan): string | undefined {
  if (action === "unchanged" || file.text === undefined) return undefined;
  return keepBackup(paths, tool, file.path, file.mark + file.text);
}

function change({ file, after, earlier, record, secret }: FilePlan): void {
  if (after === undefined) {
    removeTextFile(file, earlier?.folder);
    return;
  }
  const mode = record ? undefined : earlier?.mode;
  writeTextFile(file, after, { secret, ...(mode !== undefined && { mode }) });
}
