import { invalidRequest } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { type Content, namedIn, type Part, partsOf } from "./content.ts";
import { pairResponses } from "./pair-responses.ts";
import { ownSignature, signCalls } from "./signatures.ts";

const CONTENT_KEYS: ReadonlySet<string> = new Set(["role", "parts"]);

/** Vertex's `Part` (v1 reference, 2026). */
const PART_KEYS: ReadonlySet<string> = new Set([
  ...["text", "thought", "thoughtSignature", "inlineData", "fileData", "functionCall", "functionResponse"],
  ...["executableCode", "codeExecutionResult", "videoMetadata", "mediaResolution"],
]);

/**
 * The conversation in the order that Vertex wants: `user` and `model` in turns, no empty content, each call answered
 * in the content behind it.
 * @throws ApiError 400 when no content is left: Vertex says `contents is not specified`
 */
export function prepareContents(body: JsonObject, call: Call): JsonObject {
  const { contents } = body;
  if (!Array.isArray(contents)) return body;
  const cleaned = rewriteEach<Json>(contents, cleanContent) as Content[];
  const paired = pairResponses(mergeTurns(cleaned));
  if (paired.length === 0) throw invalidRequest("contents: at least one content must not be empty");
  const ready = rewriteEach(paired, (content) => signCalls(withoutIds(content), call));
  return withMember(body, "contents", ready);
}

function cleanContent(content: Json): Json | Json[] {
  if (!isObject(content)) return [];
  const parts = rewriteEach<Json>(Array.isArray(content.parts) ? content.parts : [], cleanPart);
  if (parts.length === 0) return [];
  // `function` was the role of answers in Google's first API, and no role at all means the user.
  const role = content.role === "model" ? "model" : "user";
  return withMember(withMember(onlyMembers(content, CONTENT_KEYS), "role", role), "parts", parts);
}

/** An empty text is refused unless it is there to carry a signature (protocol 4c: empty contents). */
function cleanPart(part: Json): Json | Json[] {
  if (!isObject(part)) return [];
  const clean = ownSignature(onlyMembers(part, PART_KEYS));
  const empty = clean.text === "" && clean.thoughtSignature === undefined;
  return empty || Object.keys(clean).length === 0 ? [] : clean;
}

function mergeTurns(contents: Content[]): Content[] {
  const turns: Content[][] = [];
  for (const content of contents) {
    const turn = turns.at(-1);
    if (turn?.[0]?.role === content.role) turn.push(content);
    else turns.push([content]);
  }
  if (turns.length === contents.length) return contents;
  return turns.flatMap((turn) => {
    const [first] = turn;
    if (first === undefined || turn.length === 1) return turn;
    return [{ role: first.role, parts: turn.flatMap(partsOf) }];
  });
}

/**
 * Vertex links calls and answers by their order and refuses their ids (protocol 4c, ROUTER live). Gemini CLI 0.61
 * sends them (captured 2026-11-21), as does our own encoder: `pairResponses` has put them to use before.
 */
function withoutIds(content: Content): Content {
  const parts = rewriteEach<Part>(content.parts, (part) =>
    withoutId(withoutId(part, "functionCall"), "functionResponse"),
  );
  return withMember(content, "parts", parts);
}

function withoutId(part: Part, kind: "functionCall" | "functionResponse"): Part {
  const named = namedIn(part, kind);
  return named === undefined ? part : withMember(part, kind, withMember(named, "id", undefined));
}
