import { invalidRequest as invalid } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { checkModelName } from "../model-name.ts";
import { parseDataUrl } from "../openai/data-url.ts";

/** What the proxy needs to know of a Responses request; the rest travels as it came. */
export interface ResponsesCall {
  model: string;
  stream: boolean;
}

const ROLES: ReadonlySet<Json | undefined> = new Set(["system", "developer", "user", "assistant"]);
const IMAGE_TYPES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

/**
 * Checks a `POST /v1/responses` body for what would otherwise fail later and less clearly, on the native path too
 * (security B10–B18); what that list does not name is the upstream's to judge, and items and parts of types that we
 * do not know are nobody's fault: Codex brings new ones with each release. A null stands for a missing field.
 * @throws ApiError 400 that begins with the path of the field.
 */
export function readResponsesCall(body: JsonObject): ResponsesCall {
  const model = body.model ?? undefined;
  if (model === undefined) throw invalid("model: Field required");
  if (typeof model !== "string") throw invalid("model: Input should be a valid string");
  checkModelName(model);
  const limit = body.max_output_tokens ?? 1;
  if (typeof limit !== "number" || !Number.isSafeInteger(limit) || limit < 1) {
    throw invalid("max_output_tokens: Input should be a valid integer greater than or equal to 1");
  }
  const stream = body.stream ?? false;
  if (typeof stream !== "boolean") throw invalid("stream: Input should be a valid boolean");
  checkInput(body);
  checkTools(body.tools ?? []);
  return { model, stream };
}

/** OpenAI takes a request without input that goes on from something stored. */
function checkInput({ input, instructions, previous_response_id, prompt, conversation }: JsonObject): void {
  if ((input ?? null) === null) {
    if (
      ![instructions, previous_response_id, prompt, conversation].some((value) => (value ?? null) !== null)
    ) {
      throw invalid("input: Field required");
    }
    return;
  }
  if (typeof input === "string") return;
  if (!Array.isArray(input)) throw invalid("input: Input should be a valid string or a list of items");
  input.forEach(checkItem);
}

function checkItem(item: Json, index: number): void {
  const path = `input.${index}`;
  if (!isObject(item)) throw invalid(`${path}: Input should be an object`);
  const { type, role, content, output } = item;
  const isMessage = type === "message" || ((type ?? null) === null && role !== undefined);
  if (!isMessage) {
    checkParts(output, `${path}.output`);
    return;
  }
  if (!ROLES.has(role)) {
    throw invalid(`${path}.role: Input should be 'user', 'assistant', 'system' or 'developer'`);
  }
  if (
    typeof content !== "string" &&
    !Array.isArray(content) &&
    (role !== "assistant" || (content ?? null) !== null)
  ) {
    throw invalid(`${path}.content: Input should be a valid string or a list of parts`);
  }
  checkParts(content, `${path}.content`);
}

function checkParts(parts: Json | undefined, path: string): void {
  if (!Array.isArray(parts)) return;
  parts.forEach((part, index) => {
    const at = `${path}.${index}`;
    if (!isObject(part)) return;
    if (part.type === "input_image") checkImage(part, at);
    if (part.type === "input_file") checkFile(part.file_data ?? undefined, `${at}.file_data`);
    if (part.type === "input_text" && typeof part.text !== "string")
      throw invalid(`${at}.text: Field required`);
  });
}

/** An https image passes: Azure fetches it itself, and where the upstream cannot, it refuses (we never fetch). */
function checkImage({ image_url, file_id }: JsonObject, path: string): void {
  if ((image_url ?? null) === null && typeof file_id === "string") return;
  const url = isObject(image_url) ? image_url.url : image_url;
  if (typeof url !== "string") throw invalid(`${path}.image_url: Field required`);
  if (/^https?:\/\//i.test(url)) return;
  if (!url.startsWith("data:")) throw invalid(`${path}.image_url: Input should be a data: or https: URL`);
  const source = parseDataUrl(url);
  if (!source) throw invalid(`${path}.image_url: Input should be valid base64`);
  if (!IMAGE_TYPES.has(source.media_type)) {
    throw invalid(`${path}.image_url: the media type should be one of: ${[...IMAGE_TYPES].join(", ")}`);
  }
}

function checkFile(data: Json | undefined, path: string): void {
  if (data === undefined) return;
  const type = typeof data === "string" ? parseDataUrl(data)?.media_type : undefined;
  if (type === undefined) throw invalid(`${path}: Input should be a data: URL with valid base64`);
  if (type !== "application/pdf" && !type.startsWith("text/") && !IMAGE_TYPES.has(type)) {
    throw invalid(`${path}: the media type should be application/pdf, text or an image`);
  }
}

function checkTools(tools: Json): void {
  if (!Array.isArray(tools)) throw invalid("tools: Input should be a valid list");
  tools.forEach((tool, index) => {
    if (!isObject(tool)) throw invalid(`tools.${index}: Input should be an object`);
  });
}
