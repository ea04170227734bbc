import type { JsonObject } from "../../hub/json.ts";
import type { Block, HubMessage, ToolResultBlock } from "../../hub/messages.ts";
import { fromThoughtSignature } from "../../hub/thought-signature.ts";
import { CallIds } from "./call-ids.ts";
import { onlyGemini } from "./check.ts";
import type { Content, Part } from "./wire.ts";

/** A conversation as the hub's messages; a content without parts is no message. */
export function decodeContents(contents: Content[]): HubMessage[] {
  const ids = new CallIds();
  return contents.flatMap(({ role, parts = [] }, index): HubMessage[] => {
    const path = `contents[${index}].parts`;
    const model = role === "model";
    if (model && contents[index - 1]?.role !== "model") ids.turn();
    const content = model ? decodeModelParts(parts, path, ids) : decodeUserParts(parts, path, ids);
    return content.length === 0 ? [] : [{ role: model ? "assistant" : "user", content }];
  });
}

/** Thought parts gather until the part that carries their signature, and stand before it. */
function decodeModelParts(parts: Part[], path: string, ids: CallIds): Block[] {
  const blocks: Block[] = [];
  let thought = "";
  const signed = (signature: string | undefined) => {
    const block = signature ? fromThoughtSignature(signature, thought) : undefined;
    if (block) blocks.push(block);
    else if (thought !== "") blocks.push({ type: "thinking", thinking: thought });
    thought = "";
  };
  parts.forEach((part, index) => {
    if (part.thought === true) {
      thought += part.text ?? "";
      if (part.thoughtSignature) signed(part.thoughtSignature);
      return;
    }
    signed(part.thoughtSignature);
    blocks.push(...decodePart(part, `${path}[${index}]`, ids));
  });
  signed(undefined);
  return blocks;
}

function decodeUserParts(parts: Part[], path: string, ids: CallIds): Block[] {
  return parts.flatMap((part, index) => decodePart(part, `${path}[${index}]`, ids));
}

function decodePart(part: Part, path: string, ids: CallIds): Block[] {
  const { text, inlineData, fileData, functionCall, functionResponse } = part;
  if (functionCall) {
    const { name, args, id } = functionCall;
    return [{ type: "tool_use", id: ids.call(name, id), name, input: args ?? {} }];
  }
  if (functionResponse) return decodeResponse(functionResponse, path, ids);
  if (inlineData) return [decodeBlob(inlineData, `${path}.inlineData`)];
  if (fileData) return [decodeFile(fileData)];
  // Python that Google's own tool ran: to any other model it is text.
  const said = text ?? part.executableCode?.code ?? part.codeExecutionResult?.output ?? "";
  return said === "" ? [] : [{ type: "text", text: said }];
}

function decodeResponse(
  { id, name, response = {}, parts = [] }: NonNullable<Part["functionResponse"]>,
  path: string,
  ids: CallIds,
): Block[] {
  const { text, failed } = readResponse(response);
  const media = parts.flatMap(({ inlineData }, index) =>
    inlineData ? [decodeBlob(inlineData, `${path}.functionResponse.parts[${index}].inlineData`)] : [],
  );
  const answered = ids.answer(name, id);
  // Nobody called it: what it says is kept as text.
  if (answered === undefined) return [{ type: "text", text: `[${name} answered: ${text}]` }, ...media];
  const result: ToolResultBlock = {
    type: "tool_result",
    tool_use_id: answered,
    content: media.length > 0 ? [{ type: "text", text }, ...media] : text,
    ...(failed && { is_error: true }),
  };
  return [result];
}

/** Google's convention: `output` for what a function returned, `error` for why it failed; any other object is JSON. */
function readResponse(response: JsonObject): { text: string; failed: boolean } {
  const [key, ...others] = Object.keys(response);
  const failed = key === "error" && others.length === 0;
  const alone = failed || (key === "output" && others.length === 0) ? response[key] : response;
  return { text: typeof alone === "string" ? alone : JSON.stringify(alone), failed };
}

function decodeBlob({ mimeType, data }: { mimeType: string; data: string }, path: string): Block {
  const media_type = mimeType.toLowerCase().split(";")[0] ?? "";
  const bytes = Buffer.from(data, "base64");
  const source = { type: "base64", media_type, data: bytes.toString("base64") } as const;
  if (media_type.startsWith("image/")) return { type: "image", source };
  if (media_type === "application/pdf") return { type: "document", source };
  if (!media_type.startsWith("text/")) throw onlyGemini(path, media_type);
  return {
    type: "document",
    source: { type: "text", media_type: "text/plain", data: bytes.toString("utf8") },
  };
}

function decodeFile({ mimeType, fileUri: url }: NonNullable<Part["fileData"]>): Block {
  const image = mimeType === undefined || mimeType.startsWith("image/");
  return { type: image ? "image" : "document", source: { type: "url", url } };
}
