import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isObject, type Json, type JsonObject } from "../hub/json.ts";

/** Claude Code's, Codex's, and opencode's (clients.md 1.3, 2.2, 3.2; captures of 2026-11). */
const HEADERS = ["x-claude-code-session-id", "session-id", "x-session-id"];

/**
 * Which conversation a request belongs to: the client's own word, else a hash of what stays the same from turn to
 * turn. Prompt caches live in one deployment, so a conversation should stay there.
 * @param prefix system, tools and the first user message.
 */
export function sessionOf(headers: IncomingHttpHeaders, body: JsonObject, prefix: () => unknown): string {
  const named = namedSession(headers, body);
  return named ?? createHash("sha1").update(JSON.stringify(prefix(), withoutMarks)).digest("base64");
}

/** The conversation in the client's own words, if it names one. */
export function namedSession(headers: IncomingHttpHeaders, body: JsonObject): string | undefined {
  const named = HEADERS.map((name) => headers[name]).find((id) => typeof id === "string" && id !== "");
  const own = named ?? body.prompt_cache_key ?? inUserId(isObject(body.metadata) && body.metadata.user_id);
  return typeof own === "string" && own !== "" ? own.slice(0, 200) : undefined;
}

/** The mark of a cache moves on with every turn, off the first message too, and changes nothing of what is said. */
function withoutMarks(key: string, value: unknown): unknown {
  return key === "cache_control" ? undefined : value;
}

/** Claude Code's `metadata.user_id`: JSON since 2.1, `user_…_session_<uuid>` before. */
function inUserId(userId: Json | undefined | false): string | undefined {
  if (typeof userId !== "string") return undefined;
  const [, id] = /(?:"session_id":\s*"|_session_)([\w-]{8,64})/.exec(userId) ?? [];
  return id;
}
