/** Reads a settings file as its program would, to see what arrives there. */
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseYaml } from "yaml";
import type { FormatName } from "../../../src/agents/configure/formats/index.ts";
import { statementsOf } from "../../../src/agents/configure/formats/toml-statements.ts";

export function dataOf(format: FormatName, text: string, at: readonly string[]): unknown {
  if (format === "toml") return tomlAt(text, at);
  const data: unknown =
    format === "json"
      ? parseJsonc(text, [], { allowTrailingComma: true })
      : format === "yaml"
        ? parseYaml(text)
        : env(text);
  return at.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], data);
}

/** Our values are strings, numbers, and an inline table of strings. */
function tomlAt(text: string, at: readonly string[]): unknown {
  const found = statementsOf(text).filter((each) => each.kind === "pair" && each.at.join() === at.join());
  if (found.length > 1) throw new Error(`${at.join(".")} stands twice`);
  const [pair] = found;
  const raw = pair && text.slice(pair.valueStart, pair.end);
  if (raw === undefined) return undefined;
  return JSON.parse(raw.startsWith("{") ? raw.replace(/(\w+) = /g, '"$1": ') : raw);
}

function env(text: string): Record<string, string> {
  const rows = [...text.matchAll(/^\s*(?:export\s+)?(\w+)\s*=[ \t]*(.*?)\s*$/gm)];
  return Object.fromEntries(rows.map(([, name, value]) => [name, value]));
}
