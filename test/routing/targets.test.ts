/** Which target a request goes to, and when it has to wait: on a clock of the test's own. */
import { expect, test } from "vitest";
import type { Deployment } from "../../src/aicore/deployment.ts";
import { ApiError } from "../../src/errors.ts";
import type { Share } from "../../src/routing/shares.ts";
import { type Lease, Targets, type Wanted } from "../../src/routing/targets.ts";

const MODEL = "anthropic--claude-4.6-opus";

function deployment(id: string, profile = id, model = MODEL): Deployment {
  return { id, profile, model } as Deployment;
}

const [A, B, C] = [deployment("a"), deployment("b"), deployment("c")] as const;

function world(shares: Record<string, Partial<Share>> = {}) {
  let now = 0;
  const targets = new Targets({
    now: () => now,
    random: () => 0.5,
    shareOf: (profile) => ({ weight: 1, priority: 1, ...shares[profile] }),
  });
  const want = (deployments: Deployment[], more: Partial<Wanted> = {}): Wanted => ({
    deployments,
    session: () => undefined,
    avoid: new Set(),
    background: false,
    signal: new AbortController().signal,
    patience: 5_000,
    ...more,
  });
  return {
    targets,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    take: (deployments: Deployment[], more: Partial<Wanted> = {}) => targets.acquire(want(deployments, more)),
    /** So many calls, each over before the next begins. */
    async spread(deployments: Deployment[], calls: number, sessionOf: (nth: number) => string | undefined) {
      const counts: Record<string, number> = {};
      for (let nth = 0; nth < calls; nth++) {
        const lease = await targets.acquire(want(deployments, { session: () => sessionOf(nth) }));
        counts[lease.deployment.id] = (counts[lease.deployment.id] ?? 0) + 1;
        lease.succeeded();
        lease.end();
      }
      return counts;
    },
  };
}

const fail = (lease: Lease, told: "down" | "limited" | "up" = "down", retryAfter?: number) => {
  lease.failed(told, new ApiError(429, "no", { origin: "upstream", ...(retryAfter && { retryAfter }) }));
  lease.end();
};

test.each<[string, Record<string, Partial<Share>>, Record<string, number>]>([
  ["equals share alike", {}, { a: 30, b: 30, c: 30 }],
  ["twice the weight, twice the requests", { a: { weight: 2 }, b: { weight: 3 } }, { a: 30, b: 45, c: 15 }],
  ["a backup gets nothing while the primary is well", { c: { priority: 2 } }, { a: 45, b: 45 }],
])("%s", async (_name, shares, expected) => {
  expect(await world(shares).spread([A, B, C], 90, () => undefined)).toEqual(expected);
});

test("new conversations spread, and each stays where it began", async () => {
  const { spread, take } = world();
  expect(await spread([A, B, C], 90, (nth) => `s${nth}`)).toEqual({ a: 30, b: 30, c: 30 });
  const home = (await take([A, B, C], { session: () => "s1" })).deployment;
  expect(await spread([A, B, C], 20, () => "s1")).toEqual({ [home.id]: 20 });
});

test("the least busy goes first, whatever its turn", async () => {
  const { take } = world();
  const first = await take([A, B]);
  const second = await take([A, B]);
  expect(second.deployment).not.toBe(first.deployment);
  first.end();
  expect((await take([A, B])).deployment).toBe(first.deployment);
});

test("a conversation whose target fails moves, and stays where it was answered", async () => {
  const { take, pass } = world();
  const session = () => "mine";
  const home = (await take([A, B], { session })).deployment;
  for (let failures = 0; failures < 5; failures++) fail(await take([home], { session }));
  const away = (await take([A, B], { session })).deployment;
  expect(away).not.toBe(home);
  pass(16_000);
  expect((await take([A, B], { session })).deployment).toBe(away);
});

test("F58 five failures open the breaker; after 15 s one probe goes, the others are told when to come back", async () => {
  const { take, pass } = world();
  for (let failures = 0; failures < 5; failures++) fail(await take([A]));
  await expect(take([A])).rejects.toMatchObject({ status: 529, retryAfter: 15, reason: "target_resting" });
  pass(14_999);
  await expect(take([A])).rejects.toMatchObject({ status: 529, retryAfter: 1 });
  pass(1);
  const answers = await Promise.allSettled(Array.from({ length: 50 }, () => take([A])));
  const probes = answers.filter((answer) => answer.status === "fulfilled");
  expect(probes).toHaveLength(1);
  fail((probes[0] as PromiseFulfilledResult<Lease>).value);
  await expect(take([A])).rejects.toMatchObject({ status: 529, retryAfter: 15 });
  pass(15_000);
  const probe = await take([A]);
  probe.succeeded();
  await expect(take([A])).resolves.toBeDefined();
});

test("a probe whose client left frees the place for the next", async () => {
  const { take, pass } = world();
  for (let failures = 0; failures < 5; failures++) fail(await take([A]));
  pass(15_000);
  (await take([A])).end();
  await expect(take([A])).resolves.toBeDefined();
});

test("a refusal between failures closes the row: whoever refuses is alive", async () => {
  const { take } = world();
  for (const told of ["down", "down", "down", "down", "up", "down"] as const) fail(await take([A]), told);
  await expect(take([A])).resolves.toBeDefined();
});

test("a 429 rests the model of that tenant: not its other models, not other tenants", async () => {
  const { take } = world();
  const sibling = deployment("a2", "a");
  const otherModel = deployment("a3", "a", "gpt-5");
  fail(await take([A]), "limited", 5);
  expect((await take([A, sibling, B])).deployment).toBe(B);
  expect((await take([otherModel])).deployment).toBe(otherModel);
  await expect(take([A, sibling], { patience: 1 })).rejects.toMatchObject({ status: 429, retryAfter: 5 });
});

test("a long Retry-After ranks its tenant last, and refuses nobody", async () => {
  const { take, spread, pass } = world();
  fail(await take([A]), "limited", 120);
  expect(await spread([A, B], 10, () => undefined)).toEqual({ b: 10 });
  const probe = await take([A]);
  expect(probe.deployment).toBe(A);
  probe.end();
  pass(120_000);
  expect(await spread([A, B], 10, () => undefined)).toHaveProperty("a");
});

test("those who wait are let through in order, people before programs, and one by one", async () => {
  const { take, targets, pass } = world();
  fail(await take([A]), "limited", 2);
  const order: string[] = [];
  const wait = async (name: string, background: boolean) => {
    await take([A], { background, patience: 15_000 });
    order.push(name);
  };
  const all = [wait("title", true), wait("first", false), wait("second", false)];
  expect(targets.waiting).toBe(3);
  pass(2_000);
  await Promise.all(all);
  expect(order).toEqual(["first", "second", "title"]);
});

test("the line is a hundred long, and a client that leaves gives up its place", async () => {
  const { take, targets } = world();
  fail(await take([A]), "limited", 5);
  const leaving = new AbortController();
  const waiting = Array.from({ length: 100 }, () =>
    take([A], { signal: leaving.signal }).catch(() => "left"),
  );
  await expect(take([A])).rejects.toMatchObject({ status: 429, reason: "queue_full", retryAfter: 5 });
  leaving.abort();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(["left"]));
  expect(targets.waiting).toBe(0);
});

test("thirty refusals of one burst are one strike", async () => {
  const { take, targets } = world();
  const burst = await Promise.all(Array.from({ length: 30 }, () => take([A])));
  for (const lease of burst) fail(lease, "limited");
  expect(targets.restOf(A)).toBeLessThanOrEqual(500);
});
