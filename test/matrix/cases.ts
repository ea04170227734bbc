/** What every dialect must be able to do with every family, as questions in the hub's words. */
import { expect } from "vitest";
import type { Block, HubAnswer, HubMessage, HubRequest, HubTool } from "../../src/hub/messages.ts";
import type { Told } from "./client.ts";

export type Ask = (request: Omit<HubRequest, "model">) => Promise<Told>;

/** A 2×2 PNG. */
const IMAGE =
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP4z8DAwPD/PwMDAwMDAwAkBgMBmvHzGAAAAABJRU5ErkJggg==";

const user = (content: string | Block[]): HubMessage => ({ role: "user", content });
const assistant = (content: Block[]): HubMessage => ({ role: "assistant", content });
const say = (words: string) => [user(`Say: ${words}`)];

const tool = (name: string, property: string): HubTool => ({
  name,
  description: `Does ${name}`,
  input_schema: { type: "object", properties: { [property]: { type: "string" } }, required: [property] },
});
const SHELL = tool("bash", "command");

const MAX = { max_tokens: 4_000 };

export function textOf({ content }: HubAnswer): string {
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("");
}

export function callsOf({ content }: HubAnswer): Extract<Block, { type: "tool_use" }>[] {
  return content.filter((block) => block.type === "tool_use");
}

/** The results of all calls of an answer, as the next user turn. */
function results(answer: HubAnswer, content: string | Block[]): HubMessage {
  return user(callsOf(answer).map(({ id }) => ({ type: "tool_result", tool_use_id: id, content })));
}

export const CASES: Record<string, (ask: Ask) => Promise<void>> = {
  async text(ask) {
    const { answer, complete } = await ask({ ...MAX, messages: say("Größe ✓ 42") });
    expect(textOf(answer)).toBe("Größe ✓ 42");
    expect(answer.stop_reason).toBe("end_turn");
    expect(complete).toBe(true);
  },

  async system(ask) {
    const { answer } = await ask({ ...MAX, system: "You are terse. {{?name}}", messages: say("yes") });
    expect(textOf(answer)).toBe("yes");
  },

  async "tool round trip"(ask) {
    const question = user("Run the command `cat nonce.txt` and tell me what it printed.");
    const first = await ask({ ...MAX, tools: [SHELL], messages: [question] });
    expect(first.answer.stop_reason).toBe("tool_use");
    expect(callsOf(first.answer)).toMatchObject([{ name: "bash", input: { command: "cat nonce.txt" } }]);
    const history = [question, assistant(first.answer.content), results(first.answer, "NONCE_abc123")];
    const second = await ask({ ...MAX, tools: [SHELL], messages: history });
    expect(textOf(second.answer)).toContain("NONCE_abc123");
    expect(second.answer.stop_reason).toBe("end_turn");
  },

  async "two parallel tools"(ask) {
    const tools = [tool("alpha", "query"), tool("beta", "query")];
    const question = user("Call the tools alpha and beta in parallel.");
    const { answer } = await ask({ ...MAX, tools, messages: [question] });
    expect(callsOf(answer).map(({ name }) => name)).toEqual(["alpha", "beta"]);
    expect(new Set(callsOf(answer).map(({ id }) => id)).size).toBe(2);
    const next = [question, assistant(answer.content), results(answer, "NONCE_def456")];
    expect(textOf((await ask({ ...MAX, tools, messages: next })).answer)).toContain("NONCE_def456");
  },

  async image(ask) {
    const source = { type: "base64" as const, media_type: "image/png", data: IMAGE };
    const { answer } = await ask({
      ...MAX,
      messages: [
        user([
          { type: "image", source },
          { type: "text", text: "What is this?" },
        ]),
      ],
    });
    expect(textOf(answer)).toContain("2×2");
  },

  async "thinking replay"(ask) {
    const thinking = { type: "enabled" as const, budget_tokens: 2_048 };
    const question = user("Run the command `ls` and tell me what it printed.");
    const first = await ask({ ...MAX, thinking, tools: [SHELL], messages: [question] });
    const history = [question, assistant(first.answer.content), results(first.answer, "NONCE_0a")];
    const second = await ask({ ...MAX, thinking, tools: [SHELL], messages: history });
    expect(textOf(second.answer)).toContain("NONCE_0a");
  },

  async "structured output"(ask) {
    const schema = {
      type: "object",
      properties: { city: { type: "string" }, size: { type: "integer" } },
      required: ["city", "size"],
      additionalProperties: false,
    };
    const { answer } = await ask({
      ...MAX,
      output_config: { format: { type: "json_schema", name: "city", schema } },
      messages: [user("Which city?")],
    });
    expect(JSON.parse(textOf(answer))).toEqual({ city: expect.any(String), size: expect.any(Number) });
    expect(answer.stop_reason).toBe("end_turn");
  },

  async "stop sequence"(ask) {
    const { answer } = await ask({ ...MAX, stop_sequences: ["HALT"], messages: say("one HALT two") });
    expect(textOf(answer).trim()).toBe("one");
  },

  /** 16 is the least that the Responses API takes. */
  async "max tokens"(ask) {
    const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
    const { answer } = await ask({ max_tokens: 16, messages: say(words) });
    expect(answer.stop_reason).toBe("max_tokens");
    expect(textOf(answer)).not.toContain("word59");
  },

  async usage(ask) {
    const { answer } = await ask({ ...MAX, messages: say("count me") });
    const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens } =
      answer.usage;
    expect(input_tokens + cache_read_input_tokens + cache_creation_input_tokens).toBeGreaterThan(0);
    expect(output_tokens).toBeGreaterThan(0);
  },
};
