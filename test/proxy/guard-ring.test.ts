/** Whose key it was (security T16–T19), and keys that come, go and cannot be known. */
import { createHash, randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { storedKey } from "../../src/keys/accepted.ts";
import type { AcceptedKey } from "../../src/keys/api-key.ts";
import { newKey } from "../../src/keys/new-key.ts";
import { createKeyRing } from "../../src/proxy/guard/keys.ts";
import { ask } from "../support/questions.ts";
import { counting } from "../support/spending.ts";
import { KEY, type Stack, startStack, testKey } from "../support/stack.ts";

const NOW = Date.parse("2026-11-21T15:04:05Z");

function made(name: string, more: Partial<AcceptedKey> = {}): { key: string; accepted: AcceptedKey } {
  const { key, row } = newKey({ name, role: "inference", limits: {}, expiresAt: undefined }, NOW);
  return { key, accepted: { ...storedKey(row), ...more } };
}

describe("the ring", () => {
  test("tells whose key it is, out of thousands", () => {
    const many = Array.from({ length: 3_000 }, (_, at) => made(`key ${at}`));
    const chosen = [testKey("one", { id: "environment" }), testKey("two", { id: "settings" })];
    const ring = createKeyRing([...chosen, ...many.map(({ accepted }) => accepted)]);
    for (const at of [0, 1_500, 2_999]) {
      expect(ring.check({ "x-api-key": many[at]?.key })).toMatchObject({ name: `key ${at}` });
    }
    expect(ring.check({ authorization: "Bearer two" })).toMatchObject({ id: "settings" });
    expect(ring.check({ "x-api-key": "no", "api-key": many[7]?.key })).toMatchObject({ name: "key 7" });
    expect(ring.check({ "x-api-key": made("stranger").key })).toBe("wrong");
    expect(ring.check({})).toBe("missing");
  });

  test("T18: what stands in the database opens nothing", () => {
    const { accepted, key } = made("ci");
    const ring = createKeyRing([accepted]);
    const digest = createHash("sha256").update(key).digest("hex");
    for (const stolen of [
      digest,
      accepted.secret,
      accepted.id,
      key.slice(0, 12),
      key.slice(0, -1),
      `${key}A`,
    ]) {
      expect(ring.check({ "x-api-key": stolen })).toBe("wrong");
    }
  });

  test("T17: nor does anything that only a query could make sense of", () => {
    const ring = createKeyRing([made("ci").accepted, testKey("plain")]);
    const fuzz = Array.from({ length: 200 }, () => randomBytes(24).toString("latin1"));
    for (const text of [
      "' OR 1=1--",
      '" OR ""="',
      "ci'; DROP TABLE aicore_keys;--",
      "%",
      "*",
      "key_%",
      ...fuzz,
    ]) {
      expect(ring.check({ authorization: `Bearer ${text}` })).toBe("wrong");
    }
  });

  test("an expired key is as wrong as any other, from its last millisecond on", () => {
    let now = NOW;
    const { key, accepted } = made("ci", { expiresAt: NOW + 1_000 });
    const local = testKey("plain", { expiresAt: NOW + 1_000 });
    const ring = createKeyRing([accepted, local, testKey("other")], { now: () => now });
    const both = { "x-api-key": key, "api-key": "plain" };
    now = NOW + 999;
    expect(ring.check(both)).toMatchObject({ name: "ci" });
    now = NOW + 1_000;
    expect(ring.check(both)).toBe("wrong");
    expect(ring.check({ ...both, authorization: "Bearer other" })).toMatchObject({ id: "local" });
  });

  test("while the database is away, what could be a key of it is neither right nor wrong", () => {
    const ring = createKeyRing([testKey("plain")], { incomplete: true });
    expect(ring.check({ "x-api-key": made("ci").key })).toBe("unsure");
    expect(ring.check({ "x-api-key": made("ci").key, "api-key": "plain" })).toMatchObject({ id: "local" });
    for (const wrong of ["", "aic_", "aic_short", `${made("ci").key}x`, "' OR 1=1--"]) {
      expect(ring.check({ "x-api-key": wrong })).toBe("wrong");
    }
  });
});

describe("a proxy", () => {
  let stack: Stack;
  afterEach(() => stack.close());
  const ready = async (key: string) => (await stack.get("/v1/models", { "x-api-key": key })).status;

  test("answers 503 for keys that it cannot know now, and lets the others in", async () => {
    const { key, accepted } = made("ci");
    stack = await startStack({ proxy: { keysIncomplete: true } });
    expect([await ready(key), await ready(KEY), await ready("aic_wrong")]).toEqual([503, 200, 401]);
    const told = await stack.get("/v1/models", { "x-api-key": key });
    expect(told.headers.get("retry-after")).toBe("1");
    stack.proxy.useKeys([testKey(KEY), accepted]);
    expect([await ready(key), await ready(made("other").key)]).toEqual([200, 401]);
    stack.proxy.useKeys([testKey(KEY)], true);
    expect([await ready(key), await ready(KEY)]).toEqual([503, 200]);
  });

  test("T16: /admin opens to no key but an admin's, which may ask models too", async () => {
    const admin = made("ops", { role: "admin" });
    const keys = [KEY, "env", "set"].map((key, at) =>
      testKey(key, { id: ["local", "environment", "settings"][at] ?? "" }),
    );
    stack = await startStack({ proxy: { keys: [...keys, made("ci").accepted, admin.accepted] } });
    const at = async (key: string | undefined) =>
      (await stack.get("/admin/keys", { "x-api-key": key })).status;
    expect(await Promise.all([KEY, "env", "set"].map(at))).toEqual([403, 403, 403]);
    expect(await Promise.all([undefined, "", "undefined", "null", "admin"].map(at))).toEqual(
      Array(5).fill(401),
    );
    expect([401, 403]).not.toContain(await at(admin.key));
    const asked = await stack.post("/v1/messages", ask("hello"), { "x-api-key": admin.key });
    expect(asked.status).toBe(200);
  });

  test("T19: of a thousand wrong keys the last nine hundred are slowed down, and the log stays short", async () => {
    stack = await startStack({ proxy: { keys: [made("ci").accepted] } });
    const statuses: number[] = [];
    const bodies = new Set<string>();
    for (let at = 0; at < 1_000; at++) {
      const answer = await stack.get("/ready", { "x-api-key": at % 2 ? `no-${at}` : made("x").key });
      statuses.push(answer.status);
      const text = await answer.text();
      if (answer.status === 401) bodies.add(text);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(100);
    expect(statuses.filter((status) => status === 429)).toHaveLength(900);
    expect(bodies.size).toBe(1);
    expect(stack.logged.length).toBeLessThan(5);
  }, 60_000);

  test("tells of each request whose key it was, which tool sent it, its conversation, and its first byte", async () => {
    const { options, records } = counting();
    const { key, accepted } = made("ci");
    stack = await startStack({
      proxy: { keys: [accepted, testKey("env", { id: "environment" })], ...options },
    });
    const send = async (body: unknown, headers: Record<string, string>) => {
      await (await stack.post("/v1/messages", body, headers)).text();
      return records.at(-1);
    };
    const named = { "user-agent": "claude-cli/2.1.329 (external, cli)", "x-claude-code-session-id": "s-1" };
    expect(await send(ask("hello", { stream: true }), { "x-api-key": key, ...named })).toMatchObject({
      key: { id: accepted.id, name: "ci" },
      tool: "claude-code",
      session: "s-1",
      firstByte: expect.any(Number),
    });
    const plain = await send(ask("hello"), { "x-api-key": "env", "user-agent": "curl/8" });
    expect(plain).toMatchObject({
      key: { id: "environment", name: "environment" },
      tool: "curl",
      session: undefined,
    });
    expect(plain?.firstByte).toBeGreaterThanOrEqual(0);
    expect(plain?.firstByte).toBeLessThanOrEqual(plain?.took ?? 0);
    const inBody = ask("hello", { metadata: { user_id: "user_1_session_0a1b2c3d-0000" } });
    expect(await send(inBody, { "x-api-key": "env" })).toMatchObject({ session: "0a1b2c3d-0000" });
    expect(await send({ model: "opus" }, { "x-api-key": "env" })).toMatchObject({
      status: 400,
      firstByte: undefined,
    });
  });

  test("without keys tells of nobody's", async () => {
    const { options, records } = counting();
    stack = await startStack({ proxy: { keys: [], noAuth: true, ...options } });
    await stack.post("/v1/messages", ask("hello"));
    expect(records.at(-1)).toMatchObject({ key: { id: "open", name: "open" }, status: 200 });
  });
});
