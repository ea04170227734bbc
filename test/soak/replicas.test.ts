/**
 * Ten thousand requests (or REPLICA_REQUESTS) through two real proxies on one Postgres, one of them killed in the middle and
 * started again: nothing that a client was told is missing or counted twice, and no key gets past its limit for long.
 */
import { once } from "node:events";
import { Agent, request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import { loggedInWorld, type World } from "../commands/world.ts";
import { type Serving, serve } from "../lifecycle/serving.ts";
import { noPostgres, type PostgresServer, startPostgres } from "../support/postgres.ts";

const REQUESTS = Number(process.env.REPLICA_REQUESTS ?? 10_000);
const CLIENTS = 24;
/** What one answer may cost, and what the limited key has: a twentieth of what it will ask for. */
const TOKENS = 60;
const LIMIT = Math.round((REQUESTS / 4 / 20) * TOKENS);
/** Milliseconds after which every replica knows what the others have spent: a batch, and a look. */
const KNOWN = 5_000;
const SOON = { timeout: 60_000, interval: 200 };

interface Told {
  id: string;
  status: number;
  begun: number;
  ended: number;
}

const agent = new Agent({ keepAlive: true });

/** One request; undefined when its proxy died. */
async function askOne({ url }: Serving, key: string, stream: boolean): Promise<Told | undefined> {
  const begun = Date.now();
  const body = {
    model: "haiku",
    max_tokens: 20,
    stream,
    messages: [{ role: "user", content: "Say: one two" }],
  };
  const sent = request(`${url}/v1/messages`, {
    method: "POST",
    agent,
    headers: { "content-type": "application/json", "x-api-key": key },
  });
  sent.end(JSON.stringify(body));
  try {
    const [answer] = await once(sent, "response");
    let text = "";
    for await (const chunk of answer.setEncoding("utf8")) text += chunk;
    const whole = answer.complete && (answer.statusCode !== 200 || /message_stop|"end_turn"/.test(text));
    const id = String(answer.headers["x-request-id"]);
    return whole ? { id, status: answer.statusCode, begun, ended: Date.now() } : undefined;
  } catch {
    return undefined;
  }
}

/** Clients who take turns at the proxies, whichever of them are there, until so many requests are told. */
async function askMany(
  count: number,
  proxies: () => readonly Serving[],
  key: (at: number) => string,
  onTold: (told: Told, key: string) => void,
): Promise<void> {
  let at = 0;
  const client = async () => {
    while (at < count) {
      const nth = at++;
      const there = proxies();
      const proxy = there[nth % there.length];
      const told = proxy && (await askOne(proxy, key(nth), nth % 3 === 0));
      if (told) onTold(told, key(nth));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

describe.skipIf(noPostgres)("two replicas", () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 120_000);
  afterAll(async () => {
    agent.destroy();
    await postgres?.remove();
  });

  test("share keys, limits and usage, and lose nothing to kill -9", { timeout: 600_000 }, async () => {
    const DATABASE_URL = await postgres.newDatabase();
    const [one, other] = [await loggedInWorld(), await loggedInWorld()];
    for (const world of [one, other]) world.env.DATABASE_URL = DATABASE_URL;
    const team = await create(one, "--name team");
    const limited = await create(one, `--name limited --tokens-per-day ${LIMIT}`);
    let proxies = [await serve(one), await serve(other)];
    const told: Told[] = [];
    const spent: Told[] = [];
    const refused: Told[] = [];
    let killed: Promise<void> | undefined;
    await askMany(
      REQUESTS,
      () => proxies,
      (at) => (at % 4 === 0 ? limited.key : team.key),
      (answer, key) => {
        if (answer.status === 200) told.push(answer);
        if (key === limited.key) (answer.status === 200 ? spent : refused).push(answer);
        if (told.length < REQUESTS / 3 || killed) return;
        killed = restart();
      },
    );
    await killed;
    expect(told.length).toBeGreaterThan(REQUESTS / 2);
    expect(refused.filter(({ status }) => status !== 429).map(({ status }) => status)).toEqual([]);

    expect((await one.run("keys revoke team --yes")).code).toBe(0);
    for (const proxy of proxies) {
      await expect.poll(async () => (await askOne(proxy, team.key, false))?.status, SOON).toBe(401);
    }
    for (const { child } of proxies) child.kill("SIGTERM");
    await Promise.all(proxies.map(({ child }) => child.result));

    const { ids, spending } = await recorded(DATABASE_URL);
    expect(told.filter(({ id }) => !ids.has(id)).length, "told and not recorded").toBe(0);
    expect(spending.get(team.id)?.requests).toBe([...ids.values()].filter((key) => key === team.id).length);
    expect(spending.get(limited.id)?.requests).toBe(
      [...ids.values()].filter((key) => key === limited.id).length,
    );
    const [{ ended: full } = { ended: 0 }] = [...refused].sort((a, b) => a.ended - b.ended);
    expect(spent.filter(({ begun }) => begun > full + KNOWN).length, "let in beyond the limit").toBe(0);
    process.stdout.write(
      `replicas: ${told.length} answered, ${refused.length} refused; the limit of ${LIMIT} tokens was passed by ${
        (spending.get(limited.id)?.tokens ?? 0) - LIMIT
      }\n`,
    );

    async function restart(): Promise<void> {
      const [dying] = proxies;
      proxies = proxies.slice(1);
      dying?.child.kill("SIGKILL");
      await dying?.child.result;
      proxies = [await serve(one), ...proxies];
    }
  });
});

async function create(world: World, args: string): Promise<{ id: string; key: string }> {
  const { stdout, stderr, code } = await world.run(`--json keys create ${args}`);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

/** The key of each recorded request that went to an upstream, and what keys have spent in all. */
async function recorded(url: string) {
  const { kysely, close } = await openDatabase({ url }, "all");
  try {
    const rows = await kysely
      .selectFrom("aicore_requests")
      .select(["id", "key_id"])
      .where("attempts", ">", 0)
      .execute();
    const sums = await kysely.selectFrom("aicore_spending").selectAll().where("period", "=", "all").execute();
    return {
      ids: new Map(rows.map(({ id, key_id }) => [id, key_id])),
      spending: new Map(
        sums.map(({ key_id, requests, tokens }) => [
          key_id,
          { requests: Number(requests), tokens: Number(tokens) },
        ]),
      ),
    };
  } finally {
    await close();
  }
}
