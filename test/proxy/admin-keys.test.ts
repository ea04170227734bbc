/** Keys by HTTP: made, listed, used, revoked. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "../support/questions.ts";
import { startTeam, type Team, UNITS } from "../support/team.ts";

let team: Team;
beforeAll(async () => {
  team = await startTeam();
});
afterAll(() => team.close());

const create = (body: unknown) => team.manage("POST", "/admin/keys", body);
const NOTHING = { requests: 0, tokens: 0, capacity_units: 0 };
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test("a key is made, told once, used, counted and taken back", async () => {
  const limits = { models: ["claude-*"], tokens_per_day: 100_000, budget_capacity_units: 1.5 };
  const made = await create({ name: "ci", expires_at: "2100-01-01", limits });
  expect(made.status).toBe(201);
  expect(made.headers.get("cache-control")).toBe("no-store");
  const { key, ...told } = (await made.json()) as { key: string; id: string };
  expect(key).toMatch(/^aic_[\w-]{43}$/);
  expect(told).toEqual({
    id: expect.stringMatching(/^key_[0-9a-f]{12}$/),
    name: "ci",
    prefix: key.slice(0, 12),
    role: "inference",
    created_at: expect.stringMatching(ISO),
    expires_at: "2100-01-01T00:00:00.000Z",
    revoked_at: null,
    limits,
    spent: { today: NOTHING, month: NOTHING, all: NOTHING },
  });

  await team.knows((known) => known.includes("ci"));
  expect((await team.post("/v1/messages", ask("Hello"), { "x-api-key": key })).status).toBe(200);
  await team.stored(1);
  const listed = await (await team.manage("GET", "/admin/keys")).text();
  expect(listed).not.toContain(key.slice(12));
  const { keys } = JSON.parse(listed) as { keys: { name: string; spent: Record<string, unknown> }[] };
  expect(keys.map(({ name }) => name)).toEqual(["boss", "ci"]);
  const spent = { requests: 1, tokens: expect.any(Number), capacity_units: UNITS };
  expect(keys[1]?.spent).toEqual({ today: spent, month: spent, all: spent });

  const revoked = await team.manage("DELETE", `/admin/keys/${told.id}`);
  expect(revoked.status).toBe(200);
  const { revoked_at } = (await revoked.json()) as { revoked_at: string };
  expect(revoked_at).toMatch(ISO);
  await team.knows((known) => !known.includes("ci"));
  expect((await team.post("/v1/messages", ask("Hello"), { "x-api-key": key })).status).toBe(401);
  expect(await (await team.manage("DELETE", "/admin/keys/ci")).json()).toMatchObject({
    id: told.id,
    revoked_at,
  });
  expect(team.logged.join("\n")).toMatch(/a key was revoked .*name=ci by=boss/);
  expect(team.logged.join("\n")).not.toContain(key.slice(12));
});

test("an admin's key can be made by an admin, and opens /admin", async () => {
  const { key } = (await (await create({ name: "deputy", role: "admin" })).json()) as { key: string };
  await team.knows((known) => known.includes("deputy"));
  expect((await team.get("/admin/keys", { "x-api-key": key })).status).toBe(200);
});

test("a name is taken by one key at a time", async () => {
  expect((await create({ name: "twin" })).status).toBe(201);
  const again = await create({ name: "twin" });
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ error: { message: expect.stringContaining("twin") } });
  expect((await team.manage("DELETE", "/admin/keys/twin")).status).toBe(200);
  expect((await create({ name: "twin" })).status).toBe(201);
});

test.each(["key_000000000000", "nobody", "' OR 1=1--", "%25", "x".repeat(2_000)])(
  "there is no key %s",
  async (id) => {
    const answer = await team.manage("DELETE", `/admin/keys/${encodeURIComponent(id)}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { type: "not_found_error", hint: expect.any(String) },
    });
  },
);

describe("what is not a key is refused, by the name of its field", () => {
  test.each([
    [{}, "name: "],
    [{ name: 7 }, "name: "],
    [{ name: "" }, "name: "],
    [{ name: " x" }, "name: "],
    [{ name: "local" }, "name: "],
    [{ name: "a\nb" }, "name: "],
    [{ name: "\u202egnp" }, "name: "],
    [{ name: "x".repeat(101) }, "name: "],
    [{ name: "x", role: "root" }, "role: "],
    [{ name: "x", role: ["admin"] }, "role: "],
    [{ name: "x", expires_at: "2001-01-01" }, "expires_at: "],
    [{ name: "x", expires_at: "7d" }, "expires_at: "],
    [{ name: "x", expires_at: "2100-13-01" }, "expires_at: "],
    [{ name: "x", expires_at: "2100-02-30" }, "expires_at: "],
    [{ name: "x", expires_at: 4102444800 }, "expires_at: "],
    [{ name: "x", limits: [] }, "limits: "],
    [{ name: "x", limits: { tokens_per_year: 1 } }, "limits.tokens_per_year: "],
    [{ name: "x", limits: { tokens_per_day: 0 } }, "limits.tokens_per_day: "],
    [{ name: "x", limits: { tokens_per_day: 1.5 } }, "limits.tokens_per_day: "],
    [{ name: "x", limits: { concurrency: "2" } }, "limits.concurrency: "],
    [{ name: "x", limits: { models: "opus" } }, "limits.models: "],
    [{ name: "x", limits: { models: ["a b"] } }, "limits.models: "],
    [{ name: "x", limits: { budget_capacity_units: -1 } }, "limits.budget_capacity_units: "],
    [{ name: "x", tokens_per_day: 5 }, "tokens_per_day: "],
    [{ name: "x", id: "key_000000000000" }, "id: "],
    [{ name: "x", "\u001b[2J": 1 }, "??2J: "],
  ])("%j → 400 %s", async (body, field) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { type: string; message: string } };
    expect(error.type).toBe("invalid_request_error");
    expect(error.message.startsWith(field), error.message).toBe(true);
  });

  test.each([
    ["[]", 400],
    ["{", 400],
    ["", 400],
    [`{"name":"${"x".repeat(64 * 1024)}"}`, 413],
  ])("%.20s → %i", async (body, status) => {
    const answer = await team.manage("POST", "/admin/keys", body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  test("nor may a form make one", async () => {
    const headers = { "x-api-key": team.admin, "content-type": "text/plain" };
    expect((await team.post("/admin/keys", '{"name":"form"}', headers)).status).toBe(415);
  });

  test("and none of them is there now", async () => {
    const { keys } = (await (await team.manage("GET", "/admin/keys")).json()) as { keys: { name: string }[] };
    expect(keys.map(({ name }) => name).sort()).toEqual(["boss", "ci", "deputy", "twin", "twin"]);
  });
});
