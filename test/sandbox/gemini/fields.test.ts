/** protocol.md 4c, row by row: names, tools, limits, thinking. */
import {
  accepts,
  config,
  declaration,
  declares,
  FLASH_25,
  PRO_25,
  type Row,
  refuses,
  said,
  text,
  thinking,
  user,
} from "./bodies.ts";

const unknown = (name: string, at: string) =>
  `Invalid JSON payload received. Unknown name "${name}"${at && ` at '${at}'`}: Cannot find field.`;
const PARAMETERS = "tools[0].function_declarations[0].parameters";
const parameters = (schema: unknown) =>
  declares(declaration({ parametersJsonSchema: undefined, parameters: schema }));
const property = (schema: unknown) => parameters({ type: "OBJECT", properties: { one: schema } });
const inSchema = (key: string, value: unknown): Row => [
  `${key} in parameters`,
  property({ type: "STRING", [key]: value }),
  unknown(key, `${PARAMETERS}.properties[0].value`),
];

refuses("names that Vertex does not know", [
  ["model", { model: "gemini-2.5-pro" }, unknown("model", "")],
  ["stream", { stream: true }, unknown("stream", "")],
  ["cachedContent", { cachedContent: "c" }, unknown("cachedContent", "")],
  ["a field of next year", { nextYear: 1 }, unknown("nextYear", "")],
  ["in generationConfig", config({ max_tokens: 1 }), unknown("max_tokens", "generation_config")],
  ["in thinkingConfig", thinking({ effort: "low" }), unknown("effort", "generation_config.thinking_config")],
  [
    "in a part",
    said(user({ text: "a", cache_control: {} })),
    unknown("cache_control", "contents[0].parts[0]"),
  ],
  [
    "in a declaration",
    declares(declaration({ input_schema: {} })),
    unknown("input_schema", "tools[0].function_declarations[0]"),
  ],
]);

refuses("schemas beyond the OpenAPI subset", [
  inSchema("const", "a"),
  inSchema("$schema", "https://json-schema.org/draft/2020-12/schema"),
  inSchema("additionalProperties", false),
  inSchema("patternProperties", {}),
  inSchema("exclusiveMinimum", 1),
  ["a list of types", property({ type: ["string", "null"] }), "Invalid value at"],
  ["an enum of numbers", property({ type: "STRING", enum: [1] }), ".enum[0]' (TYPE_STRING), 1"],
  [
    "in a responseSchema",
    config({ responseMimeType: "application/json", responseSchema: { const: "a" } }),
    unknown("const", "generation_config.response_schema"),
  ],
]);

refuses("types", [
  [
    "a number as text",
    said(user({ text: 42 })),
    "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), 42",
  ],
  ["a text as list", { contents: "hi" }, "Invalid value at 'contents'"],
  ["a bad mode", { toolConfig: { functionCallingConfig: { mode: "MUST" } } }, "(TYPE_ENUM)"],
  ["no base64", said(user({ inlineData: { mimeType: "image/png", data: "?" } })), "Base64 decoding failed"],
]);

refuses("tools", [
  ["a name twice", declares(declaration(), declaration()), "Duplicate function declaration found: read_file"],
  ["a name that is none", declares(declaration({ name: "1 a" })), "Invalid function name"],
  ["both schemas", declares(declaration({ parameters: { type: "OBJECT" } })), "Only one of parameters"],
  ["two tools", { tools: [...declares(declaration()).tools, { googleSearch: {} }] }, "Multiple tools"],
  [
    "a choice without functions",
    { tools: undefined, toolConfig: { functionCallingConfig: { mode: "AUTO" } } },
    "Function calling config is set without function_declarations",
  ],
  [
    "names without ANY",
    { toolConfig: { functionCallingConfig: { mode: "AUTO", allowedFunctionNames: ["read_file"] } } },
    "only when function calling mode is ANY",
  ],
  [
    "a name that is not declared",
    { toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["b"] } } },
    "must be a subset",
  ],
]);

refuses("limits", [
  ["maxOutputTokens", config({ maxOutputTokens: 65_537 }), "maxOutputTokens value of 65537"],
  ["temperature", config({ temperature: 2.1 }), "temperature value of 2.1"],
  ["topP", config({ topP: 2 }), "topP value of 2"],
  ["stopSequences", config({ stopSequences: [..."abcdef"] }), "stopSequences value of 6"],
  ["candidateCount", config({ candidateCount: 2 }), "candidateCount value of 2"],
  ["a schema without its type", config({ responseJsonSchema: {} }), "response_mime_type"],
  ["JSON beside tools", config({ responseMimeType: "application/json" }), "Function calling with", PRO_25],
]);

refuses("thinking", [
  ["budget and level", thinking({ thinkingBudget: 1, thinkingLevel: "LOW" }), "not supported together"],
  ["a level on 2.5", thinking({ thinkingLevel: "LOW" }), "Thinking level is not supported", PRO_25],
  ["0 on 2.5-pro", thinking({ thinkingBudget: 0 }), "integers from 128 to 32768", PRO_25],
  ["too little on 2.5-pro", thinking({ thinkingBudget: 127 }), "out of range", PRO_25],
  ["too much on 2.5-pro", thinking({ thinkingBudget: 32_769 }), "out of range", PRO_25],
  ["too much on 2.5-flash", thinking({ thinkingBudget: 24_577 }), "integers from 1 to 24576", FLASH_25],
  [
    "thoughts without thinking",
    thinking({ thinkingBudget: 0, includeThoughts: true }),
    "include_thoughts",
    FLASH_25,
  ],
]);

accepts("what Vertex takes", [
  [
    "snake case",
    { ...said({ role: "user", parts: [text("a")] }), generation_config: { max_output_tokens: 1 } },
  ],
  ["lower-case types", parameters({ type: "object", properties: { a: { type: "string" } } })],
  ["JSON Schema", declares(declaration({ parametersJsonSchema: { const: 1, $schema: "x" } }))],
  ["0 on 2.5-flash", thinking({ thinkingBudget: 0 }), FLASH_25],
  ["-1", thinking({ thinkingBudget: -1, includeThoughts: true }), PRO_25],
  ["a level", thinking({ thinkingLevel: "minimal" })],
  ["JSON beside tools from 3 on", config({ responseMimeType: "application/json" })],
]);
