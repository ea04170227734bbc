/** The documents of this repository, and what in them is code. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

/** README and its like, and everything in docs/; paths as seen from the root. */
export const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "bench/README.md",
  ...readdirSync(join(ROOT, "docs"), { encoding: "utf8", recursive: true })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path.replaceAll("\\", "/")}`)
    .sort(),
];

const FENCE = /^```(\w*)\n(.*?)^```$/gms;

/** The text of each fenced block in that language. */
export function blocksOf(document: string, language: string): string[] {
  return [...textOf(document).matchAll(FENCE)]
    .filter(([, tag]) => tag === language)
    .map(([, , text = ""]) => text);
}

/** Everything between single backticks, outside of blocks; a table's `\|` as it is shown. */
export function spansOf(document: string): string[] {
  const prose = textOf(document).replace(FENCE, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text.replaceAll("\\|", "|"));
}

function textOf(document: string): string {
  return readFileSync(join(ROOT, document), "utf8");
}
