/** SAP's id for whatever serves orchestration; also the id of its scenario. */
export const ORCHESTRATION = "orchestration";

/** Deployment lists often leave `executableId` out; SAP's names tell it then (SAP documentation, 2026). */
const EXECUTABLE_OF: readonly (readonly [RegExp, string])[] = [
  [/^(anthropic|amazon)--/, "aws-bedrock"],
  [/^(gpt|o\d|text-embedding)/, "azure-openai"],
  [/^gemini/, "gcp-vertexai"],
  [/^sonar/, "perplexity-ai"],
  [/^cohere/, "aicore-cohere"],
  [/^mistralai--mi(stral|nistral)/, "aicore-mistralai"],
  [/^nvidia--/, "aicore-nvidia"],
  [/^ibm--/, "aicore-ibm"],
  [/^sap-/, "aicore-sap"],
];

/** The executable that serves a model of this name; any other is taken for an OpenAI-compatible one. */
export function executableFor(model: string): string {
  return EXECUTABLE_OF.find(([names]) => names.test(model.toLowerCase()))?.[1] ?? "aicore-opensource";
}
