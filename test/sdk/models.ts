/** What the tests of every SDK share: the models of three families, and a schema. */
export const MODELS = [
  "anthropic--claude-4.6-sonnet",
  "gpt-5.5",
  "gpt-4.1",
  "gemini-2.5-pro",
  "gemini-3.5-flash",
] as const;

export const PERSON = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
} as const;

/** What the simulated models make of `PERSON`. */
export const PERSON_MADE = { name: "sandbox", age: 1 };

/** A tool's parameters: the simulated models call `clock` with `{zone: "sandbox"}`. */
export const ZONE = { type: "object", properties: { zone: { type: "string" } }, required: ["zone"] } as const;
export const CALL_CLOCK = "Call the tool clock";
export const CALL_BOTH = "Call the tools clock and weather in parallel";

/** Long enough that a stream can be cut in the middle. */
export const LONG = "Say: one two three four five six seven eight nine ten eleven twelve";

export const TOO_MANY = {
  status: 429,
  headers: { "retry-after": "70" },
  body: { message: "Too many requests" },
};
