/**
 * The figures of every request are the sandbox's own, to the token: for each family, asked in each dialect, whole and
 * streamed, with a cold cache and with a warm one, while the conversation grows.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import type { HubMessage, HubRequest } from "../../src/hub/messages.ts";
import type { WireName } from "../../src/hub/wire.ts";
import type { RequestRecord } from "../../src/usage/request-record.ts";
import { rowOf } from "../../src/usage/request-row.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { temporaryFolder } from "../cli/run.ts";
import { bodyOf, pathOf } from "../matrix/client.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { type Counts, countsOf } from "./reported.ts";

const WIRES: WireName[] = ["anthropic", "openai-chat", "openai-responses", "gemini"];
const GROUPS = ["default", "harmonised"] as const;
type Group = (typeof GROUPS)[number];

type Kind = keyof Counts;

/** `tells`: what an answer counts beside input and output. Without that, equal figures would prove nothing. */
interface Row {
  model: string;
  group?: Group;
  tells(wire: WireName, stream: boolean): Kind[];
}

/** What the dialects can ask Claude for: only Messages has a word for an hour. */
const claude = (wire: WireName): Kind[] =>
  wire === "anthropic" ? ["cacheRead", "cacheWrite5m", "cacheWrite1h"] : ["cacheRead", "cacheWrite5m"];
/** Chat has no word for what is written. */
const responses = (wire: WireName): Kind[] => (wire === "openai-chat" ? [] : ["cacheWrite5m"]);
const cached = (): Kind[] => ["cacheRead"];
const thinking = (): Kind[] => ["cacheRead", "reasoning"];

const FAMILIES: Row[] = [
  { model: "anthropic--claude-4.5-sonnet", tells: claude },
  { model: "anthropic--claude-4.8-opus", tells: (wire) => [...claude(wire), "reasoning"] },
  { model: "gpt-5-mini", tells: (wire) => [...thinking(), ...responses(wire)] },
  { model: "gpt-5.5", tells: (wire) => [...thinking(), ...responses(wire)] },
  { model: "gpt-4.1", tells: cached },
  { model: "gemini-2.5-pro", tells: thinking },
  { model: "gemini-3.5-flash", tells: thinking },
  { model: "amazon--nova-pro", tells: () => ["cacheRead", "cacheWrite5m"] },
  { model: "mistralai--mistral-medium", tells: thinking },
  { model: "sonar-pro", tells: cached },
  // Streams of orchestration do not tell what was written.
  {
    model: "anthropic--claude-4.6-sonnet",
    group: "harmonised",
    tells: (_wire, stream) => (stream ? ["cacheRead"] : ["cacheRead", "cacheWrite5m"]),
  },
  { model: "gpt-4o", group: "harmonised", tells: cached },
  { model: "gemini-2.5-pro", group: "harmonised", tells: cached },
];

interface Place {
  stack: Stack;
  records: RequestRecord[];
  /** What the sandbox said, by the model that answered. */
  reported: Map<string, Counts>;
}
const places = new Map<Group, Place>();

beforeAll(async () => {
  for (const group of GROUPS) {
    const records: RequestRecord[] = [];
    const stack = await startStack({ resourceGroup: group, proxy: { onRecord: (one) => records.push(one) } });
    await stack.catalog.refresh();
    places.set(group, { stack, records, reported: new Map() });
  }
});
afterAll(async () => {
  for (const { stack } of places.values()) await stack.close();
});

function placeOf(group: Group = "default"): Place {
  const place = places.get(group);
  if (place) return place;
  throw new Error(`no stack for ${group}`);
}

/** Posts, and tells what the record says beside what the sandbox said. */
async function told({ stack, records, reported: all }: Place, path: string, body: unknown, claude: boolean) {
  const [seen, answered] = [records.length, stack.sandbox.usage.length];
  const response = await stack.post(path, body);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  await expect.poll(() => records.length).toBe(seen + 1);
  const [record] = records.slice(seen);
  const reported = stack.sandbox.usage
    .slice(answered)
    .map(({ usage }) => countsOf(usage, claude))
    .reduce(sum);
  if (!record?.model) throw new Error("no record");
  expect(record).toMatchObject({ outcome: "completed", usageSource: "reported" });
  const before = all.get(record.model);
  all.set(record.model, before ? sum(before, reported) : reported);
  return { counted: countedIn(record), reported };
}

function countedIn(record: RequestRecord): Counts {
  const row = rowOf(record, undefined);
  return {
    input: row.input_tokens,
    cacheRead: row.cache_read_tokens,
    cacheWrite5m: row.cache_write_5m_tokens,
    cacheWrite1h: row.cache_write_1h_tokens,
    output: row.output_tokens,
    reasoning: row.reasoning_tokens,
  };
}

function kindsIn(counts: Counts): string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind]) => kind)
    .sort();
}

function sum(a: Counts, b: Counts): Counts {
  return Object.fromEntries(
    Object.entries(a).map(([name, count]) => [name, count + b[name as keyof Counts]]),
  ) as unknown as Counts;
}

/** A long conversation that grows by a turn, with marks that live for an hour and for five minutes. */
function conversation(model: string, stream: boolean, wire: WireName, turns: number): HubRequest {
  const history: HubMessage[] = Array.from({ length: turns }, (_, turn) => [
    {
      role: "user" as const,
      content: [
        {
          type: "text" as const,
          text: `Say: turn ${turn}`,
          ...(turn === turns - 1 && { cache_control: { type: "ephemeral" as const } }),
        },
      ],
    },
    ...(turn < turns - 1 ? [{ role: "assistant" as const, content: `turn ${turn}` }] : []),
  ]).flat();
  const rules = `These are the rules of ${wire}, ${stream ? "streamed" : "whole"}. `.repeat(40);
  return {
    model,
    stream,
    max_tokens: 4_000,
    thinking: { type: "enabled", budget_tokens: 2_048 },
    system: [{ type: "text", text: rules, cache_control: { type: "ephemeral", ttl: "1h" } }],
    messages: history,
  };
}

describe.each(FAMILIES)("$model $group", ({ model, group, tells }) => {
  describe.each(WIRES)("asked in %s", (wire) => {
    test.each([
      ["whole", false],
      ["streamed", true],
    ])("%s", async (_how, stream) => {
      const place = placeOf(group);
      const seen: Counts[] = [];
      for (const turns of [1, 2, 3]) {
        const request = conversation(model, stream, wire, turns);
        const claude = model.startsWith("anthropic--");
        const { counted, reported } = await told(place, pathOf(wire, request), bodyOf(wire, request), claude);
        expect(counted, `${turns} turns`).toEqual(reported);
        seen.push(reported);
      }
      const total = seen.reduce(sum);
      expect(kindsIn(total)).toEqual(["input", "output", ...(tells(wire, stream) ?? [])].sort());
    });
  });
});

const TEXTS = ["The first text is short.", "The second of them is a little longer than the first."];

test.each([
  ["text-embedding-3-small", "default"],
  ["amazon--titan-embed-text", "default"],
  ["gemini-embedding", "default"],
  ["text-embedding-3-small", "harmonised"],
] as const)("vectors of %s in %s", async (model, group) => {
  const path = `/v1beta/models/${model}:batchEmbedContents`;
  const requests = TEXTS.map((text) => ({ model: `models/${model}`, content: { parts: [{ text }] } }));
  const calls: [string, unknown][] = [
    ["/v1/embeddings", { model, input: TEXTS }],
    [path, { requests }],
  ];
  for (const [where, body] of calls) {
    const { counted, reported } = await told(placeOf(group), where, body, false);
    expect(counted).toEqual(reported);
    expect(kindsIn(reported)).toEqual(["input"]);
  }
});

test("a compaction", async () => {
  const input = [{ type: "message", role: "user", content: "Say: something long to shorten" }];
  const body = { model: "gpt-5.5", input };
  const { counted, reported } = await told(placeOf(), "/v1/responses/compact", body, false);
  expect(counted).toEqual(reported);
  expect(kindsIn(reported)).toEqual(["input", "output"]);
});

test("the sums of the database are the sums of the sandbox", async () => {
  const folder = temporaryFolder();
  const file = (name: string) => ({ file: join(folder, `${name}.db`) });
  for (const group of GROUPS) {
    const { records, reported } = placeOf(group);
    const database = await openDatabase(file(group), "requests", { beside: file("keys") });
    await usageStore(database).append(records.map((record) => rowOf(record, undefined)));
    const figures = await usageStore(database).figures({ by: ["model"] });
    await database.close();
    const counted = figures.map((sums): [string | undefined, Counts] => [
      sums.group.model,
      {
        input: sums.inputTokens,
        cacheRead: sums.cacheReadTokens,
        cacheWrite5m: sums.cacheWriteTokens - sums.cacheWrite1hTokens,
        cacheWrite1h: sums.cacheWrite1hTokens,
        output: sums.outputTokens,
        reasoning: sums.reasoningTokens,
      },
    ]);
    expect(new Map(counted)).toEqual(reported);
    expect(reported.size).toBeGreaterThan(3);
  }
});
