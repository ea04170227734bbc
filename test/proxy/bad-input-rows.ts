/** Bodies and headers that are refused, and how: rows B1–B18 and B26 of security.md 5, a case a line. */

const USER = { role: "user", content: "hello" };
export const GOOD = { model: "opus", max_tokens: 10, messages: [USER] };
export const said = (...content: unknown[]) => ({ ...GOOD, messages: [USER, { role: "user", content }] });
const image = (source: unknown) => said({ type: "text", text: "look" }, { type: "image", source });
const PNG = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
const without = (key: string) => Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== key));
const BLOCK = "messages.1.content.1.source";

export interface Row {
  row: string;
  body: unknown;
  headers?: Record<string, string | undefined>;
  status?: number;
  type?: string;
  message: string | RegExp;
}

const deep = (levels: number) => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
const MODEL = "model: must match ^[A-Za-z0-9._:/@[\\]-]{1,128}$";
const TOKENS = "max_tokens: Input should be a valid integer greater than or equal to 1";

/** Rows that hold on both routes. */
export const BOTH: Row[] = [
  { row: "B1 not JSON", body: "nope", message: "Request body is not valid JSON (line 1, column 1)." },
  { row: "B1 a comma", body: '{"a":1,}', message: "Request body is not valid JSON (line 1, column 8)." },
  {
    row: "B1 a later line",
    body: '{\n "model": "opus",\n "x": secret-canary\n}',
    message: "Request body is not valid JSON (line 3, column 7).",
  },
  { row: "B1 BOM", body: "\ufeff{}", message: "Request body is not valid JSON (line 1, column 1)." },
  { row: "B1 two documents", body: "{}{}", message: "Request body is not valid JSON (line 1, column 3)." },
  { row: "B1 NaN", body: '{"a":NaN}', message: "Request body is not valid JSON (line 1, column 6)." },
  {
    row: "B1 a raw newline in a string",
    body: '{"a":"x\ny"}',
    message: /not valid JSON \(line 1, column 6\)/,
  },
  { row: "B2 empty", body: "", message: "Request body is empty." },
  ...["[]", '"text"', "null", "1", "true"].map((body) => ({
    row: `B3 ${body} at the top`,
    body,
    message: "Request body must be a JSON object.",
  })),
  ...["text/plain", "application/x-www-form-urlencoded", "application/jsonp", undefined].map((type) => ({
    row: `B4 content type ${type}`,
    body: Buffer.from(JSON.stringify(GOOD)),
    headers: { "content-type": type },
    status: 415,
    message: "Content-Type must be application/json.",
  })),
  ...["gzip", "br", "deflate", "zstd", "GZIP", "gzip, gzip", "identity, gzip"].map((encoding) => ({
    row: `B5 content encoding ${encoding}`,
    body: GOOD,
    headers: { "content-encoding": encoding },
    status: 415,
    message: "Compressed request bodies are not supported.",
  })),
  { row: "B7 129 deep", body: deep(128), message: "JSON is nested too deeply (limit 128)." },
  { row: "B7 100,000 deep", body: deep(100_000), message: "JSON is nested too deeply (limit 128)." },
  {
    row: "B7 100,000 objects deep",
    body: `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`,
    message: "JSON is nested too deeply (limit 128).",
  },
  {
    row: "B7 100,000 opened",
    body: `{"a":${"[".repeat(100_000)}`,
    message: "JSON is nested too deeply (limit 128).",
  },
  {
    row: "B8 half a character",
    body: Buffer.from([0x7b, 0xc3, 0x7d]),
    message: "Request body is not valid UTF-8.",
  },
  {
    row: "B8 a surrogate in UTF-8",
    body: Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
    message: "Request body is not valid UTF-8.",
  },
  {
    row: "B8 UTF-16",
    body: Buffer.from(`\ufeff${JSON.stringify(GOOD)}`, "utf16le"),
    message: /not valid UTF-8/,
  },
  { row: "B10 no model", body: without("model"), message: "model: Field required" },
  {
    row: "B10 no model, null",
    body: { ...GOOD, model: null },
    message: "model: Input should be a valid string",
  },
  {
    row: "B10 a model in a list",
    body: { ...GOOD, model: ["opus"] },
    message: "model: Input should be a valid string",
  },
  {
    row: "B11 unknown",
    body: { ...GOOD, model: "gpt-9" },
    status: 404,
    type: "not_found_error",
    message: /^model 'gpt-9' is not deployed in resource group 'default'\. Available: amazon--nova-lite, /,
  },
  ...[
    "",
    " ",
    "x".repeat(129),
    "x".repeat(10_240),
    "opus\n",
    "\u001b[31mopus",
    "op us",
    "öpus",
    "opus\u0000",
  ].map((model) => ({
    row: `B12 model ${JSON.stringify(model.slice(0, 20))}`,
    body: { ...GOOD, model },
    message: MODEL,
  })),
  ...[undefined, null, [], {}, "hello", 1].map((messages) => ({
    row: `B14 messages ${JSON.stringify(messages)}`,
    body: { ...GOOD, messages },
    message: "messages: at least one message is required",
  })),
  { row: "B14 a message that is none", body: { ...GOOD, messages: [USER, 7] }, message: /^messages\.1: / },
  {
    row: "B15 role",
    body: { ...GOOD, messages: [USER, { role: "tool", content: "x" }] },
    message: /^messages\.1\.role: /,
  },
  { row: "B15 no role", body: { ...GOOD, messages: [{ content: "x" }] }, message: /^messages\.0\.role: / },
  {
    row: "B15 no content",
    body: { ...GOOD, messages: [{ role: "user" }] },
    message: /^messages\.0\.content: /,
  },
  {
    row: "B15 content",
    body: { ...GOOD, messages: [USER, { role: "user", content: 5 }] },
    message: /^messages\.1\.content: /,
  },
  {
    row: "B15 block",
    body: { ...GOOD, messages: [USER, USER, USER, { role: "user", content: [{ type: "video" }] }] },
    message: /^messages\.3\.content\.0\.type: Input tag 'video' /,
  },
  {
    row: "B15 block without a type",
    body: said({ text: "x" }),
    message: "messages.1.content.0.type: Field required",
  },
  {
    row: "B15 block of a type that is none",
    body: said({ type: 3 }),
    message: "messages.1.content.0.type: Field required",
  },
  {
    row: "B15 block named like a prototype",
    body: said({ type: "__proto__" }),
    message: /^messages\.1\.content\.0\.type: /,
  },
  {
    row: "B15 a block that is a string",
    body: said("x"),
    message: "messages.1.content.0: Input should be an object",
  },
  {
    row: "B15 text without text",
    body: said({ type: "text" }),
    message: "messages.1.content.0.text: Field required",
  },
  {
    row: "B15 inside a tool result",
    body: said({
      type: "tool_result",
      tool_use_id: "t",
      content: [{ type: "text", text: "x" }, { type: "audio" }],
    }),
    message: /^messages\.1\.content\.0\.content\.1\.type: Input tag 'audio'/,
  },
  { row: "B17 no source", body: image(undefined), message: `${BLOCK}: Field required` },
  {
    row: "B17 base64",
    body: image({ ...PNG, data: "no base64!" }),
    message: `${BLOCK}.data: Input should be valid base64`,
  },
  {
    row: "B17 base64 cut",
    body: image({ ...PNG, data: "iVBOR" }),
    message: `${BLOCK}.data: Input should be valid base64`,
  },
  {
    row: "B17 base64 padded inside",
    body: image({ ...PNG, data: "iV==BORw" }),
    message: /\.data: Input should be valid/,
  },
  { row: "B17 no data", body: image({ ...PNG, data: undefined }), message: `${BLOCK}.data: Field required` },
  { row: "B17 empty data", body: image({ ...PNG, data: "" }), message: `${BLOCK}.data: Field required` },
  {
    row: "B17 media type",
    body: image({ ...PNG, media_type: "image/tiff" }),
    message: /^messages\.1\.content\.1\.source\.media_type: /,
  },
  {
    row: "B17 PDF as an image",
    body: image({ ...PNG, media_type: "application/pdf" }),
    message: /source\.media_type: /,
  },
  {
    row: "B17 no media type",
    body: image({ type: "base64", data: PNG.data }),
    message: /source\.media_type: /,
  },
  {
    row: "B17 URL",
    body: image({ type: "url", url: "http://127.0.0.1:1/x.png" }),
    message:
      /^messages\.1\.content\.1\.source\.url: only data: URLs are supported; send the image as base64 /,
  },
  {
    row: "B17 file URL",
    body: image({ type: "url", url: "file:///etc/passwd" }),
    message: /source\.url: only data: URLs/,
  },
  {
    row: "B17 data URL",
    body: image({ type: "url", url: "data:image/png;base64,%%%" }),
    message: /source\.url: Input should be valid base64/,
  },
  {
    row: "B17 data URL of HTML",
    body: image({ type: "url", url: "data:text/html;base64,AAAA" }),
    message: /source\.media_type: /,
  },
  {
    row: "B17 file",
    body: image({ type: "file", file_id: "f" }),
    message: /source\.type: uploaded files are not supported/,
  },
  {
    row: "B17 in a tool result",
    body: said({
      type: "tool_result",
      tool_use_id: "t",
      content: [{ type: "image", source: { ...PNG, data: "?" } }],
    }),
    message: "messages.1.content.0.content.0.source.data: Input should be valid base64",
  },
  {
    row: "B26 a beta with a space",
    body: GOOD,
    headers: { "anthropic-beta": "a b" },
    message: /^anthropic-beta: /,
  },
  {
    row: "B26 a beta with a quote",
    body: GOOD,
    headers: { "anthropic-beta": "ok-1,'--" },
    message: /^anthropic-beta: /,
  },
  {
    row: "B26 a long beta",
    body: GOOD,
    headers: { "anthropic-beta": "x".repeat(129) },
    message: /^anthropic-beta: /,
  },
  {
    row: "B26 1,000 betas",
    body: GOOD,
    headers: { "anthropic-beta": Array.from({ length: 1_000 }, (_, i) => `beta-${i}`).join() },
    message: "anthropic-beta: more than 100 values",
  },
  {
    row: "B26 1,000 betas in the body",
    body: { ...GOOD, betas: Array.from({ length: 1_000 }, (_, i) => `beta-${i}`) },
    message: "anthropic-beta: more than 100 values",
  },
  {
    row: "tools that are no list",
    body: { ...GOOD, tools: {} },
    message: "tools: Input should be a valid list",
  },
  { row: "a tool that is no object", body: { ...GOOD, tools: [{ name: "a" }, "b"] }, message: /^tools\.1: / },
  { row: "system that is neither", body: { ...GOOD, system: 5 }, message: /^system: / },
];

/** Rows of what only `/v1/messages` has. */
export const MESSAGES: Row[] = [
  ...[-1, 0, 1.5, "10", null, [1], true, {}].map((max_tokens) => ({
    row: `B13 max_tokens ${JSON.stringify(max_tokens)}`,
    body: { ...GOOD, max_tokens },
    message: TOKENS,
  })),
  { row: "B13 1e309", body: JSON.stringify(GOOD).replace("10", "1e309"), message: TOKENS },
  { row: "B13 2^53", body: { ...GOOD, max_tokens: 2 ** 53 }, message: TOKENS },
  { row: "B13 missing", body: without("max_tokens"), message: "max_tokens: Field required" },
  ...["true", 1, null, [], {}].map((stream) => ({
    row: `B18 stream ${JSON.stringify(stream)}`,
    body: { ...GOOD, stream },
    message: "stream: Input should be a valid boolean",
  })),
];
