/** A Dockerfile as its instructions; a small part of the language, that of ours. */
import { textOf } from "./files.ts";

export interface Instruction {
  name: string;
  rest: string;
}

/** Each stage, beginning with its FROM. */
export function stagesOf(path: string): Instruction[][] {
  const lines = textOf(path)
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, name = "", rest = ""] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    if (name === "FROM") stages.push([]);
    stages.at(-1)?.push({ name, rest: rest.trim() });
  }
  return stages;
}

/** What the last stage says last under that name. */
export function finalOf(path: string, name: string): string {
  const said = stagesOf(path)
    .at(-1)
    ?.filter((instruction) => instruction.name === name);
  return said?.at(-1)?.rest ?? "";
}

/** The words of an instruction in its JSON form. */
export function wordsOf(rest: string): string[] {
  return JSON.parse(rest.slice(rest.indexOf("["))) as string[];
}
