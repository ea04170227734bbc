/** Every content block that Bedrock takes, key by key (protocol 4a.3). What is not here is refused. */
import { cacheControl } from "./cache-control.ts";
import { imageData, pdfData } from "./media.ts";
import {
  anything,
  array,
  boolean,
  type Check,
  dictionary,
  literal,
  object,
  string,
  stringOr,
  tagged,
  visibleText,
} from "./schema.ts";

const citations = object({ enabled: boolean });

const text = object(
  { type: literal("text"), text: visibleText },
  { cache_control: cacheControl, citations: anything },
);

/** URLs are not fetched: only inline data has a tag. */
const image = object(
  { type: literal("image"), source: tagged({ base64: imageData }) },
  { cache_control: cacheControl },
);

const document = object(
  {
    type: literal("document"),
    source: tagged({
      base64: pdfData,
      text: object({ type: literal("text"), media_type: literal("text/plain"), data: string() }),
      content: object({ type: literal("content"), content: stringOr(array(tagged({ text, image }), 1)) }),
    }),
  },
  { title: anything, context: anything, citations, cache_control: cacheControl },
);

const searchResult = object(
  { type: literal("search_result"), source: string(), title: string(), content: array(text, 1) },
  { citations, cache_control: cacheControl },
);

const id = string(/^[a-zA-Z0-9_-]+$/);
const toolUse = object(
  {
    type: literal("tool_use"),
    id,
    name: string(/^[a-zA-Z0-9_-]{1,128}$/),
    input: dictionary,
  },
  { cache_control: cacheControl },
);

const toolResult = object(
  { type: literal("tool_result"), tool_use_id: id },
  {
    content: stringOr(array(tagged({ text, image, document, search_result: searchResult }))),
    is_error: boolean,
    cache_control: cacheControl,
  },
);

/** No cache_control: thinking cannot be marked. */
const thinking = object({ type: literal("thinking"), thinking: string(), signature: string() });
const redactedThinking = object({ type: literal("redacted_thinking"), data: string() });

export const contentBlock: Check = tagged({
  text,
  image,
  document,
  search_result: searchResult,
  thinking,
  redacted_thinking: redactedThinking,
  tool_use: toolUse,
  tool_result: toolResult,
});

export const systemBlock: Check = text;

/** Which role may hold which block; others may stand in both. */
export const ROLE_OF_BLOCK: Readonly<Record<string, "user" | "assistant">> = {
  image: "user",
  document: "user",
  search_result: "user",
  tool_result: "user",
  tool_use: "assistant",
  thinking: "assistant",
  redacted_thinking: "assistant",
};
