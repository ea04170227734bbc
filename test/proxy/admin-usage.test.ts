/** Usage and requests by HTTP: groups, filters, and what is refused. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "../support/questions.ts";
import { startTeam, type Team, UNITS } from "../support/team.ts";

interface Row {
  group: Record<string, string>;
  requests: number;
  input_tokens: number;
  output_tokens: number;
  capacity_units: number | null;
}

let team: Team;
let member: string;
/** What the clients themselves were told. */
const told = { requests: 0, input: 0, output: 0 };

beforeAll(async () => {
  team = await startTeam();
  member = await team.newKey({ name: "member" });
  const codex = { "x-api-key": member, "user-agent": "codex_cli_rs/0.169.0" };
  for (const [model, headers] of [
    ["claude-sonnet-4-5", { "x-api-key": member }],
    ["claude-sonnet-4-5", codex],
    ["claude-haiku-4-5", codex],
  ] as const) {
    const answer = await team.post("/v1/messages", ask("Hello there", { model }), headers);
    expect(answer.status).toBe(200);
    const { usage } = (await answer.json()) as { usage: { input_tokens: number; output_tokens: number } };
    told.requests += 1;
    told.input += usage.input_tokens;
    told.output += usage.output_tokens;
  }
  expect((await team.post("/v1/messages", ask("Hello", { model: "no-such-model" }))).status).toBe(404);
  await team.stored(4);
});
afterAll(() => team.close());

async function usage(query: string): Promise<{ rows: Row[]; total: Row }> {
  const answer = await team.manage("GET", `/admin/usage${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as { rows: Row[]; total: Row };
}

const ALL = () => ({
  requests: told.requests,
  input_tokens: told.input,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cache_write_1h_tokens: 0,
  output_tokens: told.output,
  reasoning_tokens: 0,
  capacity_units: told.requests * UNITS,
  unpriced: 0,
  estimated: 0,
});

test("figures are those that the clients were told; what reached no upstream is not among them", async () => {
  const { rows, total } = await usage("");
  expect(total).toEqual(ALL());
  expect(rows.map(({ group, requests }) => [group, requests])).toEqual([
    [{ model: "anthropic--claude-4.5-haiku" }, 1],
    [{ model: "anthropic--claude-4.5-sonnet" }, 2],
  ]);
});

const today = () => new Date().toISOString().slice(0, 10);

describe("groups", () => {
  test.each([
    ["key", [{ key: "member" }]],
    ["profile", [{ profile: "test" }]],
    ["tool", [{ tool: "codex" }, { tool: expect.any(String) }]],
    ["day", [{ day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) }]],
    [
      "model,tool",
      [
        { model: "anthropic--claude-4.5-haiku", tool: "codex" },
        { model: "anthropic--claude-4.5-sonnet", tool: "codex" },
        { model: "anthropic--claude-4.5-sonnet", tool: expect.any(String) },
      ],
    ],
  ])("by %s", async (groups, expected) => {
    const { rows, total } = await usage(`?group_by=${groups}`);
    expect(rows.map(({ group }) => group)).toEqual(expected);
    expect(total).toEqual(ALL());
  });
});

describe("filters", () => {
  test.each([
    ["?since=7d", 3],
    ["?since=1h&until=2100-01-01", 3],
    [`?since=${today()}T00:00:00Z`, 3],
    ["?since=2100-01-01", 0],
    ["?until=1h", 0],
    ["?until=2020-01-01T10:00", 0],
    ["?key=member", 3],
    ["?key=boss", 0],
    ["?model=anthropic--claude-4.5-haiku", 1],
    ["?model=claude-haiku-4-5", 1],
    ["?tool=codex", 2],
    ["?tool=codex&model=claude-sonnet-4-5", 1],
    ["?profile=test", 3],
    ["?profile=", 3],
    ["?session=none", 0],
    ["?key=%27%20OR%201%3D1--", 0],
  ])("%s → %i requests", async (query, requests) => {
    expect((await usage(query)).total.requests).toBe(requests);
  });

  test("nothing found has nothing known of its cost", async () => {
    expect(await usage("?key=nobody")).toMatchObject({
      rows: [],
      total: { requests: 0, capacity_units: null },
    });
  });
});

describe("requests", () => {
  const recent = async (query: string) => {
    const answer = await team.manage("GET", `/admin/requests${query}`);
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { requests: { requested: string }[] }).requests;
  };

  test("newest first, refused ones too, each in full", async () => {
    const requests = await recent("");
    expect(requests.map(({ requested }) => requested)).toEqual([
      "no-such-model",
      "claude-haiku-4-5",
      "claude-sonnet-4-5",
      "claude-sonnet-4-5",
    ]);
    expect(requests[0]).toMatchObject({
      key: "local",
      status: 404,
      outcome: "failed",
      attempts: 0,
      model: null,
    });
    expect(requests[1]).toEqual({
      id: expect.stringMatching(/^req_[0-9a-f]{24}$/),
      at: expect.stringMatching(/Z$/),
      key: "member",
      key_id: expect.stringMatching(/^key_/),
      profile: "test",
      tool: "codex",
      session: null,
      dialect: "anthropic",
      requested: "claude-haiku-4-5",
      model: "anthropic--claude-4.5-haiku",
      deployment: expect.any(String),
      streamed: false,
      outcome: "completed",
      status: 200,
      attempts: 1,
      first_byte_ms: expect.any(Number),
      took_ms: expect.any(Number),
      input_tokens: expect.any(Number),
      cache_read_tokens: 0,
      cache_write_tokens: 0,
      cache_write_1h_tokens: 0,
      output_tokens: expect.any(Number),
      reasoning_tokens: 0,
      usage_source: "reported",
      capacity_units: UNITS,
    });
  });

  test.each([
    ["?limit=1", 1],
    ["?limit=1000", 4],
    ["?key=member", 3],
    ["?key=member&limit=2", 2],
    ["?until=1h", 0],
  ])("%s → %i of them", async (query, count) => expect(await recent(query)).toHaveLength(count));
});

test.each([
  ["usage?group_by=color", "group_by: "],
  ["usage?group_by=model,model", "group_by: "],
  ["usage?group_by=model,", "group_by: "],
  ["usage?since=someday", "since: "],
  ["usage?since=-7d", "since: "],
  ["usage?since=1700000000", "since: "],
  ["usage?since=2026-02-30", "since: "],
  ["usage?since=2026-11-21T25:00Z", "since: "],
  ["usage?since=2026-13-01", "since: "],
  ["usage?until=7y", "until: "],
  ["usage?since=1d&until=2d", "until: "],
  ["usage?key=a&key=b", "key: "],
  [`usage?key=${"x".repeat(201)}`, "key: "],
  ["usage?groupby=model", "groupby: "],
  ["usage?limit=5", "limit: "],
  ["requests?limit=0", "limit: "],
  ["requests?limit=1001", "limit: "],
  ["requests?limit=1e2", "limit: "],
  ["requests?group_by=model", "group_by: "],
  ["keys?all=1", "all: "],
])("GET /admin/%s → 400 %s", async (path, field) => {
  const answer = await team.manage("GET", `/admin/${path}`);
  expect(answer.status).toBe(400);
  const { error } = (await answer.json()) as { error: { type: string; message: string } };
  expect(error.message.startsWith(field), error.message).toBe(true);
});

test("deployments are looked up when asked, and not being able to is told", async () => {
  const refresh = () => team.manage("POST", "/admin/deployments/refresh");
  const models = team.catalog.models().length;
  expect(await (await refresh()).json()).toEqual({ models });
  team.sandbox.faults.add({ status: 500, path: "/lm/deployments", times: 9 });
  const failed = await refresh();
  expect([failed.status, failed.headers.get("x-aicore-error-origin")]).toEqual([500, "upstream"]);
  expect(team.catalog.models()).toHaveLength(models);
});
