/** The conversation: roles, turns, calls and their answers, signatures. Shapes are checked before. */

import { imageData, pdfData } from "../claude/media.ts";
import type { GeminiRules } from "../models.ts";
import { Refusal } from "../refusal.ts";
import { isSignedWell } from "./signature.ts";
import { type Content, callsIn, type GeminiRequest, type Part } from "./wire.ts";

export function checkContents({ contents, systemInstruction }: GeminiRequest, rules: GeminiRules): void {
  if (!contents || contents.length === 0) {
    throw new Refusal("Unable to submit request because at least one contents field is required.");
  }
  for (const [index, content] of contents.entries()) checkTurn(content, contents[index - 1], index);
  if (systemInstruction) checkParts(systemInstruction);
  checkPairs(contents);
  if (rules.needsSignatures) checkSignatures(contents);
}

function checkTurn(content: Content, before: Content | undefined, index: number): void {
  if (content.role !== "user" && content.role !== "model") {
    throw new Refusal("Please use a valid role: user, model.");
  }
  if (content.role === before?.role) {
    throw new Refusal("Please ensure that multiturn requests alternate between user and model.");
  }
  checkParts(content);
  for (const [place, part] of content.parts.entries()) checkMedia(part, `contents[${index}].parts[${place}]`);
}

const NO_PARTS = "Unable to submit request because it must include at least one parts field";

function checkParts({ parts = [] }: { parts?: Part[] }): void {
  if (parts.length === 0) throw new Refusal(`${NO_PARTS}, which describes the prompt input.`);
  for (const part of parts) {
    const data = Object.keys(part).filter((key) => key !== "thought" && key !== "thoughtSignature");
    if (data.length > 1)
      throw new Refusal("Invalid value at 'parts' (oneof), oneof field 'data' is already set.");
    if (data.length === 0 || (part.text === "" && part.thoughtSignature === undefined)) {
      throw new Refusal("Unable to submit request because it must have a text parameter.");
    }
    if (part.thoughtSignature !== undefined && !isSignedWell(part)) {
      throw new Refusal("Corrupted thought signature.");
    }
  }
}

/** No network here: files have to come with the request. */
function checkMedia({ inlineData, fileData }: Part, path: string): void {
  if (fileData) throw new Refusal(`Cannot fetch content from the provided URL: ${fileData.fileUri}`);
  if (!inlineData) return;
  const { mimeType, data } = inlineData;
  const source = { type: "base64", media_type: mimeType, data };
  try {
    if (mimeType.startsWith("image/")) imageData(source, path);
    else if (mimeType === "application/pdf") pdfData(source, path);
  } catch {
    throw new Refusal(`Unable to process input image. Please retry or report: ${path}.inline_data`);
  }
}

const EQUAL =
  "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
const ORDER = "Please ensure that function response turn comes immediately after a function call turn.";

function checkPairs(contents: readonly Content[]): void {
  for (const [index, content] of contents.entries()) {
    const called = callsIn(contents[index - 1]).map(({ name }) => name);
    const answered = content.parts.flatMap(({ functionResponse }) => functionResponse?.name ?? []);
    if (called.length === 0 && answered.length > 0) throw new Refusal(ORDER);
    if (called.length !== answered.length || called.some((name, at) => name !== answered[at])) {
      throw new Refusal(EQUAL);
    }
  }
  if (callsIn(contents.at(-1)).length > 0) throw new Refusal(EQUAL);
}

/** From Gemini 3 on, in every step since the user last spoke: on the first call of each. */
function checkSignatures(contents: readonly Content[]): void {
  const asked = contents.findLastIndex(
    ({ role, parts }) =>
      role === "user" && parts.some(({ functionResponse }) => functionResponse === undefined),
  );
  for (const [index, { parts }] of contents.entries()) {
    const first = index > asked ? parts.find(({ functionCall }) => functionCall) : undefined;
    if (first?.functionCall === undefined || first.thoughtSignature !== undefined) continue;
    const culprit = `function call \`default_api:${first.functionCall.name}\` , position ${index + 1}`;
    throw new Refusal(
      `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly. Additional data, ${culprit}.`,
    );
  }
}
