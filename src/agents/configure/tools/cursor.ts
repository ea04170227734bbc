/**
 * Cursor keeps its models in a database of its own, and sends requests for them from its own servers: an address on this
 * machine is out of their reach. Names with "claude" in them it takes for Anthropic's and refuses, or asks there; some
 * versions send a Responses body to /chat/completions. (forum.cursor.com 158958 and 159298; docs of gateways that are
 * used with it; 2026-04 to 2026-11, not run.)
 */
import { mainFields, type Tool } from "../tool.ts";

const ALIAS = "sap-sonnet";

export const cursor: Tool = {
  name: "cursor",
  title: "Cursor",
  setup: {
    kind: "by hand",
    where: "Cursor Settings, Models, API Keys",
    async fields(door) {
      const { baseUrl, key } = await mainFields(door);
      return [
        { field: "OpenAI API Key", value: key },
        { field: "Override OpenAI Base URL", value: baseUrl },
        { field: "Add model", value: ALIAS },
      ];
    },
    notes: [
      "Cursor sends these requests from its own servers, which cannot reach 127.0.0.1: it works only where the proxy has an https address that they can reach, with a key of AICORE_API_KEYS.",
      `Cursor refuses names with "claude" in them: aicore models map ${ALIAS} sonnet`,
    ],
  },
};
