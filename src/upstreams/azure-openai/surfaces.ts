/**
 * Which of Azure's two APIs a deployment answers on (protocol 4b.4, "model split"). Where a source is not sure of
 * `/responses` the row says chat alone: a translated request always works, a wrong path never does.
 */
export type Surface = "chat" | "responses";

interface Row {
  models: RegExp;
  surfaces: readonly Surface[];
  /** Chat refuses a `reasoning_effort` beside function tools, and points to `/responses` (7.5 #70). */
  toolsNeedResponses?: true;
}

/** By SAP's name; the first row that fits holds. */
const ROWS: readonly Row[] = [
  { models: /^gpt-realtime|^gpt-image|audio|transcribe/, surfaces: [] },
  { models: /^gpt-[\d.]+-codex/, surfaces: ["responses"] },
  { models: /^gpt-5\.([4-9]|\d\d)/, surfaces: ["chat", "responses"], toolsNeedResponses: true },
  { models: /^gpt-5/, surfaces: ["chat", "responses"] },
  { models: /^gpt-([6-9]|\d\d)(\.|-|$)(?!turbo)/, surfaces: ["chat", "responses"], toolsNeedResponses: true },
  { models: /^(gpt|o\d)/, surfaces: ["chat"] },
];

/** Embedding models have neither. */
export function surfacesOf(model: string): readonly Surface[] {
  return rowOf(model)?.surfaces ?? [];
}

export function toolsNeedResponses(model: string): boolean {
  return rowOf(model)?.toolsNeedResponses === true;
}

function rowOf(model: string): Row | undefined {
  return ROWS.find(({ models }) => models.test(model));
}
