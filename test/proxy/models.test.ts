/** What can be asked for, in three shapes; and the probes. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { CLAUDE_ONLY } from "../support/default-tenant.ts";
import { head, raw } from "../support/raw.ts";
import { type Stack, startStack } from "../support/stack.ts";

const IDS = [
  "anthropic--claude-4.5-haiku",
  "anthropic--claude-4.5-sonnet",
  "anthropic--claude-4.6-opus",
  "anthropic--claude-4.6-sonnet",
  "anthropic--claude-4.8-opus",
];
const [FIRST = "", SECOND = "", THIRD = "", FOURTH = "", LAST = ""] = IDS;
const PREFIXES = ["", "/anthropic", "/openai", "/gemini", "/v1"];
const ANTHROPIC = { "anthropic-version": "2026-10-21" };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ sandbox: { deployments: CLAUDE_ONLY } });
});
afterAll(() => stack.close());

async function getJson(path: string, headers?: Record<string, string | undefined>, status = 200) {
  const answer = await stack.get(path, headers);
  const text = await answer.text();
  expect(answer.status, `${path} ${text}`).toBe(status);
  return JSON.parse(text);
}
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);

describe.each(PREFIXES)("under '%s'", (prefix) => {
  test("Anthropic's shape when the version is sent, whichever", async () => {
    const { data, ...rest } = await getJson(`${prefix}/v1/models`, ANTHROPIC);
    expect(idsOf(data)).toEqual(IDS);
    expect(rest).toEqual({ has_more: false, first_id: FIRST, last_id: LAST });
    expect(data[2]).toEqual({
      type: "model",
      id: THIRD,
      display_name: expect.stringMatching(/Opus 4\.6/),
      created_at: "2026-03-11T09:12:45Z",
      max_input_tokens: expect.any(Number),
      max_tokens: expect.any(Number),
    });
  });

  test("OpenAI's otherwise", async () => {
    const { data, object } = await getJson(`${prefix}/v1/models`);
    expect(object).toBe("list");
    expect(idsOf(data)).toEqual(IDS);
    const created = Date.parse("2026-03-11T09:12:45Z") / 1_000;
    expect(data[2]).toMatchObject({ id: THIRD, object: "model", created, owned_by: expect.any(String) });
  });

  test("Gemini's on its own path", async () => {
    const { models, ...rest } = await getJson(`${prefix}/v1beta/models`);
    expect(rest).toEqual({});
    expect(models.map(({ name }: JsonObject) => name)).toEqual(IDS.map((id) => `models/${id}`));
    expect(models[0]).toMatchObject({ displayName: expect.any(String), inputTokenLimit: expect.any(Number) });
  });

  test("one model", async () => {
    expect(await getJson(`${prefix}/v1/models/opus`, ANTHROPIC)).toMatchObject({ type: "model", id: LAST });
    expect(await getJson(`${prefix}/v1/models/opus`)).toMatchObject({ object: "model", id: LAST });
  });
});

describe("one model by any of its names", () => {
  test.each([
    ["anthropic--claude-4.6-opus", THIRD],
    ["ANTHROPIC--Claude-4.6-Opus", THIRD],
    ["claude-opus-4-6", THIRD],
    ["claude-opus-4-6-20260205", THIRD],
    ["claude-opus-4-6%5B1m%5D", THIRD],
    ["claude-opus-4-6[1m]", THIRD],
    ["anthropic%2D%2Dclaude-4%2D6-opus", THIRD],
    ["claude-opus-4-6%40default", THIRD],
    ["anthropic/claude-opus-4.6", THIRD],
    ["models/claude-opus-4.6", THIRD],
    ["us.anthropic.claude-opus-4-6-v1%3A0", THIRD],
    ["sonnet", FOURTH],
    ["haiku", FIRST],
    ["default", LAST],
    ["claude-sonnet-5-5", FOURTH],
  ])("%s is %s", async (name, id) => {
    for (const headers of [{}, ANTHROPIC]) {
      expect((await getJson(`/v1/models/${name}`, headers)).id).toBe(id);
    }
  });

  test.each(["gpt-4o", "gemini-2.5-pro", "claude-nothing-9", "x".repeat(128), "constructor", "__proto__"])(
    "%s is not there, and what is there is told",
    async (name) => {
      const openai = await getJson(`/v1/models/${name}`, {}, 404);
      expect(openai.error).toMatchObject({ type: "invalid_request_error", code: "model_not_found" });
      const { error } = await getJson(`/v1/models/${name}`, ANTHROPIC, 404);
      expect(error).toEqual({
        type: "not_found_error",
        message: expect.stringMatching(
          /^model '.+' is not deployed in resource group 'default'\. Available: /,
        ),
      });
      for (const id of IDS) expect(error.message).toContain(id);
    },
  );

  test.each(["x".repeat(129), "%0a", "a%1b%5b31m", "%C3%B6", "a%20b", "%27%20OR%201=1", "%zz"])(
    "%s is no name",
    async (name) => {
      const { error } = await getJson(`/v1/models/${name}`, ANTHROPIC, 400);
      expect(error.message).toBe("model: must match ^[A-Za-z0-9._:/@[\\]-]{1,128}$");
    },
  );
});

describe("pages", () => {
  test.each([
    ["limit=2", [FIRST, SECOND], true],
    ["limit=5", IDS, false],
    ["limit=1000", IDS, false],
    [`after_id=${SECOND}`, IDS.slice(2), false],
    [`after_id=${SECOND}&limit=2`, [THIRD, FOURTH], true],
    [`after_id=${LAST}`, [], false],
    [`before_id=${THIRD}`, [FIRST, SECOND], false],
    [`before_id=${FOURTH}&limit=1`, [THIRD], true],
    [`before_id=${FIRST}`, [], false],
    ["unknown=1", IDS, false],
  ])("?%s", async (query, ids, hasMore) => {
    const { data, ...rest } = await getJson(`/v1/models?${query}`, ANTHROPIC);
    expect(idsOf(data)).toEqual(ids);
    expect(rest).toEqual({ has_more: hasMore, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null });
    expect(idsOf((await getJson(`/v1/models?${query}`)).data)).toEqual(ids);
  });

  test.each([
    ["limit", "1e9"],
    ["limit", "0"],
    ["limit", "-1"],
    ["limit", "1.5"],
    ["limit", "1001"],
    ["limit", "0x10"],
    ["limit", ""],
    ["limit", "%20"],
    ["limit", "ten"],
    ["limit", "1;DROP TABLE models"],
    ["after_id", "garbage"],
    ["after_id", "' OR 1=1--"],
    ["after_id", ""],
    ["before_id", "__proto__"],
  ])("?%s=%s is 400 and names it", async (name, value) => {
    for (const headers of [{}, ANTHROPIC]) {
      const { error } = await getJson(`/v1/models?${name}=${value}`, headers, 400);
      expect(error).toMatchObject({
        type: "invalid_request_error",
        message: expect.stringMatching(new RegExp(`^${name}: `)),
      });
    }
  });

  test("Gemini's have other names", async () => {
    const first = await getJson("/v1beta/models?pageSize=3");
    expect(first.models).toHaveLength(3);
    const { models, nextPageToken } = await getJson(
      `/v1beta/models?pageSize=3&pageToken=${encodeURIComponent(first.nextPageToken)}`,
    );
    expect([models.length, nextPageToken]).toEqual([2, undefined]);
    for (const query of ["pageSize=x", "pageToken=garbage"]) {
      const { error } = await getJson(`/v1beta/models?${query}`, {}, 400);
      expect(error).toMatchObject({ code: 400, status: "INVALID_ARGUMENT" });
      expect(error.message).toContain(query.split("=")[0]);
    }
  });
});

describe("probes", () => {
  test.each(["/", "/health", "/anthropic", "/openai/health", "/gemini/", "/?x=1", "/health?x"])(
    "GET %s tells status and version, no more",
    async (path) => {
      const document = await getJson(path, { "x-api-key": undefined });
      expect(document).toEqual({ status: "ok", version: "0.0.0-test" });
    },
  );

  test.each(["/", "/health", "/api/hello", "/anthropic/api/hello", "/anthropic"])("HEAD %s", async (path) => {
    const { port } = stack.proxy;
    const answer = await raw(port, head(port, `HEAD ${path} HTTP/1.1`));
    expect([answer.status, answer.body]).toEqual([200, ""]);
  });

  test("GET /api/hello", async () => {
    expect(await getJson("/api/hello", { "x-api-key": undefined })).toEqual({});
  });

  test("/ready needs a key, and models", async () => {
    const young = await startStack({ sandbox: { deployments: CLAUDE_ONLY } });
    const ready = async () => {
      const answer = await young.get("/ready");
      return [answer.status, await answer.json()];
    };
    expect(await ready()).toEqual([503, { ready: false, models: 0 }]);
    expect((await young.get("/ready", { "x-api-key": undefined })).status).toBe(401);
    await young.catalog.refresh();
    expect(await ready()).toEqual([200, { ready: true, models: IDS.length }]);
    await young.close();
  });

  test("answers are not cached and not sniffed", async () => {
    const { headers } = await stack.get("/health");
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-request-id": expect.stringMatching(/^req_[0-9a-f]{24}$/),
    });
  });
});

test("a tenant without a single model has an empty list", async () => {
  const empty = await startStack({ sandbox: { deployments: [] } });
  const lists = [
    await (await empty.get("/v1/models", ANTHROPIC)).json(),
    await (await empty.get("/v1/models")).json(),
    await (await empty.get("/v1beta/models")).json(),
  ];
  expect(lists).toEqual([
    { data: [], has_more: false, first_id: null, last_id: null },
    { object: "list", data: [], has_more: false },
    { models: [] },
  ]);
  expect((await empty.get("/v1/models/opus")).status).toBe(404);
  await empty.close();
});
