/** Request bodies for the tables: a valid one, and the pieces to spoil it with. */

import type { Json, JsonObject } from "../../../src/hub/json.ts";
import { sign } from "../../../src/sandbox/claude/signature.ts";

/** Keys to set on a valid body; `undefined` removes one. */
export type Patch = Record<string, unknown>;

export const user = (...content: unknown[]) => ({ role: "user", content: compact(content) });
export const assistant = (...content: unknown[]) => ({ role: "assistant", content: compact(content) });
export const text = (value: string, more: Patch = {}) => ({ type: "text", text: value, ...more });
export const call = (id = "toolu_1", more: Patch = {}) => ({
  ...{ type: "tool_use", id, name: "Bash", input: { command: "ls" } },
  ...more,
});
export const result = (id = "toolu_1", more: Patch = {}) => ({
  ...{ type: "tool_result", tool_use_id: id, content: "ok" },
  ...more,
});
export const tool = (more: Patch = {}) => ({
  name: "Bash",
  description: "Runs a command",
  input_schema: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
  ...more,
});
export const thought = (thinking = "Hm.", signature = sign(thinking)) => ({
  type: "thinking",
  thinking,
  signature,
});
export const marked = { cache_control: { type: "ephemeral" } };
export const markedFor = (ttl: string) => ({ cache_control: { type: "ephemeral", ttl } });
export const budget = (budget_tokens: number) => ({ type: "enabled", budget_tokens });
export const adaptive = { type: "adaptive" };

/** A PNG header of these dimensions: enough for whoever reads no further than the size. */
export function png(width: number, height: number): string {
  const head = Buffer.alloc(24);
  Buffer.from("\x89PNG\r\n\x1a\n", "latin1").copy(head);
  head.writeUInt32BE(13, 8);
  head.write("IHDR", 12);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head.toString("base64");
}
export const image = (data = png(16, 9), media_type = "image/png") => ({
  type: "image",
  source: { type: "base64", media_type, data },
});
export const pdf = (data = Buffer.from("%PDF-1.7 …").toString("base64")) => ({
  type: "document",
  source: { type: "base64", media_type: "application/pdf", data },
});

/** A conversation in which a tool was called and has answered. */
export const toolTurn = [user("list"), assistant(call()), user(result())];

const VALID = {
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 2_048,
  system: [text("Be brief.", marked)],
  messages: [user("hello")],
  tools: [tool()],
};

export function body(patch: Patch = {}): JsonObject {
  return JSON.parse(JSON.stringify({ ...VALID, ...patch })) as { [key: string]: Json };
}

function compact(content: unknown[]): unknown {
  return content.length === 1 && typeof content[0] === "string" ? content[0] : content;
}
