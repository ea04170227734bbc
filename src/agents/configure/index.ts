/** The tools that `aicore configure` knows: one file and one row each. */
import type { Tool } from "./tool.ts";
import { cherryStudio } from "./tools/cherry-studio.ts";
import { claude } from "./tools/claude.ts";
import { cline, roo } from "./tools/cline.ts";
import { codex } from "./tools/codex.ts";
import { continueDev } from "./tools/continue.ts";
import { cursor } from "./tools/cursor.ts";
import { gemini } from "./tools/gemini.ts";
import { opencode } from "./tools/opencode.ts";
import { qwen } from "./tools/qwen.ts";
import { zed } from "./tools/zed.ts";

export const TOOLS: readonly Tool[] = [
  claude,
  codex,
  opencode,
  gemini,
  qwen,
  continueDev,
  zed,
  cline,
  roo,
  cursor,
  cherryStudio,
];

export function toolNamed(name: string): Tool | undefined {
  return TOOLS.find((tool) => tool.name === name);
}
