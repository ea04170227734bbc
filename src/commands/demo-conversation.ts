/** The client of the demo: a conversation over the Messages API, streamed. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { ApiError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import { renderTable } from "../terminal/table.ts";

const MODEL = "sonnet";
const TOOLS = [
  {
    name: "get_weather",
    description: "The weather in a city",
    input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];
/** Long enough to be worth a cache entry: providers cache from some thousand tokens on. */
const SYSTEM = [
  {
    type: "text",
    text: "You are a friendly guide to SAP AI Core. ".repeat(600),
    cache_control: { type: "ephemeral" },
  },
];

interface Round {
  input: number;
  cacheWrite: number;
  cacheRead: number;
  output: number;
}

export class Conversation {
  readonly #url: string;
  readonly #key: string;
  readonly #show: (text: string) => void;
  readonly #messages: JsonObject[] = [];
  readonly #rounds: Round[] = [];

  /** @param show gets the words of the answers as they come. */
  constructor(url: string, key: string, show: (text: string) => void) {
    this.#url = url;
    this.#key = key;
    this.#show = show;
  }

  /** Asks, shows the answer, and keeps both. @throws ApiError when there is none. */
  async ask(content: string | JsonObject[]): Promise<void> {
    this.#messages.push({ role: "user", content });
    const answer = await this.#stream();
    this.#messages.push({ role: "assistant", content: answer });
    this.#show("\n");
  }

  /** Answers the tool call that the last answer ended with. */
  async giveToolResult(result: string): Promise<void> {
    const blocks = this.#messages.at(-1)?.content;
    const call = Array.isArray(blocks)
      ? blocks.find((block) => isObject(block) && block.type === "tool_use")
      : undefined;
    if (!isObject(call) || typeof call.id !== "string") return;
    await this.ask([{ type: "tool_result", tool_use_id: call.id, content: result }]);
  }

  /** Tokens of each request. */
  usageTable(): string {
    const titles = { input: "Input", cacheWrite: "Cache write", cacheRead: "Cache read", output: "Output" };
    const columns = (Object.keys(titles) as (keyof Round)[]).map((name) => ({
      title: titles[name],
      value: (round: Round) => String(round[name]),
    }));
    return renderTable(columns, this.#rounds);
  }

  async #stream(): Promise<JsonObject[]> {
    const response = await fetch(`${this.#url}/v1/messages`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "anthropic-version": "2023-06-01",
        "x-api-key": this.#key,
      },
      body: JSON.stringify({
        model: MODEL,
        max_tokens: 1_024,
        stream: true,
        system: SYSTEM,
        tools: TOOLS,
        messages: this.#messages,
      }),
    });
    if (!response.ok || !response.body)
      throw new ApiError(response.status, `The proxy answered: ${await response.text()}`);
    const events = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    const answer = new Answer(this.#show);
    for await (const { data } of events) answer.take(JSON.parse(data) as JsonObject);
    this.#rounds.push(answer.usage);
    return answer.blocks;
  }
}

/** Folds the events of one answer into its blocks. */
class Answer {
  readonly blocks: JsonObject[] = [];
  readonly usage: Round = { input: 0, cacheWrite: 0, cacheRead: 0, output: 0 };
  readonly #show: (text: string) => void;
  #json = "";

  constructor(show: (text: string) => void) {
    this.#show = show;
  }

  take(event: JsonObject): void {
    const { content_block: block, delta, message, usage, error } = event;
    if (isObject(error)) throw new ApiError(502, `The answer broke off: ${String(error.message)}`);
    if (isObject(message) && isObject(message.usage)) this.#count(message.usage);
    if (isObject(usage)) this.#count(usage);
    if (isObject(block)) this.#open(block);
    if (isObject(delta)) this.#grow(delta);
    if (event.type === "content_block_stop") this.#finish();
  }

  #open(block: JsonObject): void {
    this.blocks.push(block);
    this.#json = "";
    if (block.type === "tool_use") this.#show(`[calls the tool ${String(block.name)}] `);
  }

  #grow(delta: JsonObject): void {
    const block = this.blocks.at(-1);
    if (typeof delta.text === "string" && block) {
      block.text = `${String(block.text ?? "")}${delta.text}`;
      this.#show(delta.text);
    }
    if (typeof delta.partial_json === "string") this.#json += delta.partial_json;
  }

  #finish(): void {
    const block = this.blocks.at(-1);
    if (block?.type !== "tool_use") return;
    block.input = JSON.parse(this.#json || "{}");
    this.#show(JSON.stringify(block.input));
  }

  #count(usage: JsonObject): void {
    const { usage: counted } = this;
    counted.input = Number(usage.input_tokens ?? counted.input);
    counted.cacheWrite = Number(usage.cache_creation_input_tokens ?? counted.cacheWrite);
    counted.cacheRead = Number(usage.cache_read_input_tokens ?? counted.cacheRead);
    counted.output = Number(usage.output_tokens ?? counted.output);
  }
}
