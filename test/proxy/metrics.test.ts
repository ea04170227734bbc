/** `/metrics`: whole, bounded, and what Prometheus' own linter accepts. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { noUsage } from "../../src/hub/messages.ts";
import { RequestMetrics } from "../../src/proxy/metrics/requests.ts";
import type { Observed } from "../../src/proxy/metrics/sums.ts";
import { textOf } from "../../src/proxy/metrics/text.ts";
import type { RequestRecord } from "../../src/usage/request-record.ts";
import { ask } from "../support/questions.ts";
import { startStack } from "../support/stack.ts";
import { startTeam, type Team, UNITS } from "../support/team.ts";

const SONNET = "anthropic--claude-4.5-sonnet";
const PROMTOOL = spawnSync("promtool", ["--version"]).status === 0;

const RECORD: RequestRecord = {
  id: "req_1",
  at: 0,
  dialect: "anthropic",
  requested: "opus",
  model: "m",
  deployment: "d",
  profile: "p",
  stream: true,
  outcome: "completed",
  status: 200,
  attempts: 2,
  usage: {
    ...noUsage(),
    input_tokens: 1,
    cache_read_input_tokens: 10,
    cache_creation_input_tokens: 300,
    cache_creation_1h_tokens: 100,
    output_tokens: 1_000,
  },
  usageSource: "reported",
  firstByte: 500,
  took: 2_000,
  key: { id: "k", name: "k" },
  tool: "a tool",
  session: "a session",
  traceparent: undefined,
};
let team: Team;
/** What the clients were told. */
const told = { input: 0, output: 0 };
beforeAll(async () => {
  team = await startTeam();
  const key = await team.newKey({ name: 'a "quoted"\\name' });
  const answer = await team.post("/v1/messages", ask("Hello there"), { "x-api-key": key });
  const { usage } = (await answer.json()) as { usage: { input_tokens: number; output_tokens: number } };
  told.input = usage.input_tokens;
  told.output = usage.output_tokens;
  await (await team.post("/v1/messages", ask("Hello", { stream: true, model: "opus" }))).text();
  await team.post("/v1/messages", ask("Hello", { model: "no-such-model-of-a-client" }));
  await team.post("/v1/embeddings", { model: "text-embedding-3-small", input: "Hello" });
});
afterAll(() => team.close());

/** The samples of a text, by name and labels. */
async function samples(of: Pick<Team, "get"> = team): Promise<Map<string, number>> {
  const answer = await of.get("/metrics");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return samplesIn(await answer.text());
}

function samplesIn(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

const chat = (model: string) =>
  `gen_ai_operation_name="chat",gen_ai_provider_name="sap.ai_core",gen_ai_request_model="${model}"`;

test("requests from before the first look are counted, in the words of OpenTelemetry", async () => {
  const found = await samples();
  expect(Object.fromEntries(found)).toMatchObject({
    [`gen_ai_client_token_usage_sum{${chat(SONNET)},gen_ai_token_type="input"}`]: told.input,
    [`gen_ai_client_token_usage_sum{${chat(SONNET)},gen_ai_token_type="output"}`]: told.output,
    [`gen_ai_server_request_duration_seconds_count{${chat(SONNET)},error_type=""}`]: 1,
    [`gen_ai_server_request_duration_seconds_count{${chat("other")},error_type="404"}`]: 1,
    [`aicore_requests_total{model="${SONNET}",dialect="anthropic",outcome="completed"}`]: 1,
    [`aicore_upstream_calls_total{model="${SONNET}"}`]: 1,
    [`aicore_tokens_total{model="${SONNET}",type="output"}`]: told.output,
    [`aicore_capacity_units_total{model="${SONNET}"}`]: UNITS,
    'aicore_key_requests_total{key="a \\"quoted\\"\\\\name",outcome="completed"}': 1,
    aicore_requests_in_flight: 0,
    aicore_requests_waiting: 0,
    aicore_api_keys: 3,
    aicore_ledger_failing: 0,
    aicore_ledger_dropped_requests_total: 0,
    'aicore_build_info{version="0.0.0-test"}': 1,
    process_resident_memory_bytes: expect.any(Number),
  });
  const names = [...found.keys()];
  expect(names.filter((name) => name.includes("no-such-model"))).toEqual([]);
  expect(names.filter((name) => /^gen_ai_server_time_to_first_token_seconds_count/.test(name))).toEqual([
    expect.stringContaining("opus"),
  ]);
  expect(names).toContainEqual(expect.stringMatching(/operation_name="embeddings".*text-embedding-3-small/));
  expect(names).toContainEqual(expect.stringMatching(/^aicore_target_breaker_open\{profile="test",/));
});

test("later ones are counted as they end, each once", async () => {
  const count = `aicore_requests_total{model="${SONNET}",dialect="anthropic",outcome="completed"}`;
  const before = (await samples()).get(count) ?? 0;
  await Promise.all(Array.from({ length: 5 }, () => team.post("/v1/messages", ask("Hello"))));
  expect((await samples()).get(count)).toBe(before + 5);
  expect((await samples()).get(count)).toBe(before + 5);
});

test("a proxy without a database has them too, and two of them do not mix", async () => {
  const other = await startStack();
  onTestFinished(() => other.close());
  await other.catalog.refresh();
  const found = await samples(other);
  expect(found.get("aicore_api_keys")).toBe(1);
  expect([...found.keys()].filter((name) => /^aicore_(ledger_info|requests_total)/.test(name))).toEqual([]);
  expect(found.get("process_resident_memory_bytes")).toBeGreaterThan(0);
});

test("HEAD has the head alone", async () => {
  const answer = await team.manage("HEAD", "/metrics");
  expect([answer.status, await answer.text()]).toEqual([200, ""]);
});

test.skipIf(!PROMTOOL)("promtool has nothing to say (skipped where it is not installed)", async () => {
  const text = await (await team.get("/metrics")).text();
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
    input: text,
    encoding: "utf8",
  });
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
});

describe("however much goes on, series stay few", () => {
  const observed = { model: "m", operation: "chat", units: undefined, record: RECORD } as const;
  const textAbout = (...requests: Observed[]) => {
    const metrics = new RequestMetrics();
    for (const request of requests) metrics.add(request);
    return textOf(metrics.families());
  };

  test("the first hundred keys have their own, the others one together", () => {
    const keys = Array.from({ length: 250 }, (_, at) => ({ id: `k${at}`, name: `key ${at}` }));
    const found = samplesIn(
      textAbout(...keys.map((key) => ({ ...observed, record: { ...RECORD, key }, units: 1 }))),
    );
    const named = [...found.keys()].filter((name) => name.startsWith("aicore_key_requests_total{"));
    expect(named).toHaveLength(101);
    expect(found.get('aicore_key_requests_total{key="other",outcome="completed"}')).toBe(150);
    expect(found.get('aicore_key_capacity_units_total{key="other"}')).toBe(150);
  });

  test("tokens are counted by what they cost as, each once", () => {
    const found = samplesIn(textAbout(observed));
    const types = { input: 1, cache_read: 10, cache_write_5m: 200, cache_write_1h: 100, output: 1_000 };
    for (const [type, tokens] of Object.entries(types)) {
      expect(found.get(`aicore_tokens_total{model="m",type="${type}"}`)).toBe(tokens);
      expect(found.get(`aicore_key_tokens_total{key="k",type="${type}"}`)).toBe(tokens);
    }
    expect(found.get(`gen_ai_client_token_usage_sum{${chat("m")},gen_ai_token_type="input"}`)).toBe(311);
    expect(found.get(`gen_ai_server_time_to_first_token_seconds_sum{${chat("m")}}`)).toBe(0.5);
    expect(found.get(`gen_ai_server_request_duration_seconds_sum{${chat("m")},error_type=""}`)).toBe(2);
    expect(found.get('aicore_upstream_calls_total{model="m"}')).toBe(2);
    expect([...found.keys()].filter((name) => name.includes("capacity_units"))).toEqual([]);
  });

  test.each([
    [{ outcome: "failed", status: 429 }, "429"],
    [{ outcome: "broken", status: 200 }, "broken"],
    [{ outcome: "cancelled", status: 499 }, "cancelled"],
  ] as const)("what ends as %j has the error type %s", (ended, type) => {
    const text = textAbout({ ...observed, record: { ...RECORD, ...ended } });
    expect(text).toContain(
      `gen_ai_server_request_duration_seconds_count{${chat("m")},error_type="${type}"} 1`,
    );
    expect(text).not.toContain("first_token_seconds_count{");
  });

  test.each([
    [0, { "0.01": 1, "0.02": 1, "60": 1, "+Inf": 1 }],
    [20, { "0.01": 0, "0.02": 1, "60": 1, "+Inf": 1 }],
    [20.5, { "0.02": 0, "0.04": 1, "60": 1, "+Inf": 1 }],
    [61_000, { "60": 0, "+Inf": 1 }],
  ])("a first byte after %d ms lies in its bucket and all above", (firstByte, buckets) => {
    const found = samplesIn(textAbout({ ...observed, record: { ...RECORD, firstByte } }));
    for (const [le, count] of Object.entries(buckets)) {
      const name = "gen_ai_server_time_to_first_token_seconds_bucket";
      expect(found.get(`${name}{le="${le}",${chat("m")}}`)).toBe(count);
    }
  });

  test("nothing that a client chose is a label", () => {
    const text = textAbout(observed);
    for (const word of ["a tool", "a session", "req_1", "opus"]) expect(text).not.toContain(word);
  });
});
