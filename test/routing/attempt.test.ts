/** How often a request is sent, and why: the table of DESIGN 8, "Time and tries", as far as one target goes. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { AicoreClient } from "../../src/aicore/client.ts";
import type { Deployment } from "../../src/aicore/deployment.ts";
import { createNetwork } from "../../src/aicore/network.ts";
import { ApiError } from "../../src/errors.ts";
import { silentLogger } from "../../src/log.ts";
import { type AttemptOptions, attempt, type Sendable } from "../../src/routing/attempt.ts";
import { LearnedRepairs } from "../../src/routing/learned.ts";
import { Targets } from "../../src/routing/targets.ts";
import { credentialsFor, rejection, tenantFor } from "../aicore/fake-sap.ts";

/** What the tenant does, call by call; the last one goes on for ever. */
type Step = number | "reset" | `${number} after ${number}` | "bad a" | "bad b" | "bad c" | "bad d";

interface Course {
  tenant: Step[];
  /** The paths that were called, `?` and what had been learned. */
  calls: string[];
  /** The status in the end. */
  ends: number;
  tokens?: number;
  committed?: boolean;
}

const COURSES: Record<string, Course> = {
  "accepted at once": { tenant: [200], calls: ["d1"], ends: 200 },
  "401, then accepted": { tenant: [401, 200], calls: ["d1", "d1"], ends: 200, tokens: 2 },
  "401 for ever": { tenant: [401], calls: ["d1", "d1"], ends: 401, tokens: 2 },
  "404, then accepted": { tenant: [404, 200], calls: ["d1", "d2"], ends: 200 },
  "404 for ever": { tenant: [404], calls: ["d1", "d2"], ends: 404 },
  "401 and 404": { tenant: [401, 404, 200], calls: ["d1", "d1", "d2"], ends: 200, tokens: 2 },
  "401, 404 and 401": { tenant: [401, 404, 401, 200], calls: ["d1", "d1", "d2"], ends: 401, tokens: 2 },
  "a refusal that can be repaired": { tenant: ["bad a", 200], calls: ["d1", "d1?a"], ends: 200 },
  "two of them": { tenant: ["bad a", "bad b", 200], calls: ["d1", "d1?a", "d1?a,b"], ends: 200 },
  "three of them": { tenant: ["bad a", "bad b", "bad c", 200], calls: ["d1", "d1?a", "d1?a,b"], ends: 400 },
  "a repair that does not help": { tenant: ["bad a"], calls: ["d1", "d1?a"], ends: 400 },
  "a refusal that cannot be repaired": { tenant: ["bad d", 200], calls: ["d1"], ends: 400 },
  "what one deployment refused, another may take": {
    tenant: ["bad a", 404, 200],
    calls: ["d1", "d1?a", "d2"],
    ends: 200,
  },
  "a reset of a fresh socket": { tenant: ["reset", 200], calls: ["d1"], ends: 502 },
  ...Object.fromEntries(
    [400, 403, 408, 413, 424, 501].map((status) => [
      `${status} is not sent again`,
      { tenant: [status, 200], calls: ["d1"], ends: status },
    ]),
  ),
  ...Object.fromEntries(
    [429, 500, 502, 503, 504, 529].map((status) => [
      `${status}, then accepted`,
      { tenant: [status, 200], calls: ["d1", "d1"], ends: 200 },
    ]),
  ),
  ...Object.fromEntries(
    [429, 502, 503, 504, 529].map((status) => [
      `${status} for ever is sent three times`,
      { tenant: [status], calls: ["d1", "d1", "d1"], ends: status },
    ]),
  ),
  "500 for ever is sent twice": { tenant: [500], calls: ["d1", "d1"], ends: 500 },
  "a wait of ten seconds at most is kept": { tenant: ["429 after 1", 200], calls: ["d1", "d1"], ends: 200 },
  "a longer one is told": { tenant: ["429 after 11", 200], calls: ["d1"], ends: 429 },
  "a 503 that asks for a long wait is told": { tenant: ["503 after 11", 200], calls: ["d1"], ends: 503 },
  ...Object.fromEntries(
    ([401, 404, 429, 503, "bad a"] as const).map((step) => [
      `${step} after the client's answer began`,
      { tenant: [step, 200], calls: ["d1"], ends: step === "bad a" ? 400 : step, committed: true },
    ]),
  ),
};

test.each(Object.entries(COURSES))("%s", async (_name, { tenant, calls, ends, tokens = 1, committed }) => {
  const world = await start(tenant);
  const outcome = attempt(world.request("d1"), { ...world.options, committed: () => committed ?? false });
  if (ends === 200) {
    const { opened, attempts, deployment } = await outcome;
    expect(opened).toBe("fine");
    expect(attempts).toBe(calls.length);
    expect(deployment.id).toBe(calls.at(-1)?.slice(0, 2));
  } else expect(await rejection(outcome, ApiError)).toMatchObject({ status: ends });
  expect(world.calls).toEqual(calls);
  expect(world.tokens()).toBe(tokens);
});

test("a token that is refused after the client's answer began is dropped all the same", async () => {
  const world = await start([401, 200]);
  await rejection(attempt(world.request("d1"), { ...world.options, committed: () => true }), ApiError);
  await attempt(world.request("d1"), world.options);
  expect([world.tokens(), world.calls]).toEqual([2, ["d1", "d1"]]);
});

test("what was learned is there for the next request", async () => {
  const world = await start(["bad a", 200]);
  await attempt(world.request("d1"), world.options);
  await attempt(world.request("d1"), world.options);
  expect(world.calls).toEqual(["d1", "d1?a", "d1?a"]);
});

test("a reset of a socket that was used before is repeated, once", async () => {
  const world = await start([200, "reset", 200, "reset"]);
  for (const tries of [1, 2]) {
    const { attempts } = await attempt(world.request("d1"), world.options);
    expect(attempts).toBe(tries);
    // The socket goes back to the pool only after its last byte was handed on.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const outcome = attempt(world.request("d1"), world.options);
  expect(await rejection(outcome, ApiError)).toMatchObject({ status: 502, reason: "connection_reset" });
  expect(world.calls).toHaveLength(5);
});

test("nothing to send to is a 404", async () => {
  const world = await start([200]);
  const outcome = attempt({ ...world.request("d1"), deployments: [] }, world.options);
  expect(await rejection(outcome, ApiError)).toMatchObject({ status: 404, reason: "model_not_found" });
});

test("a signal that fires between two attempts ends them", async () => {
  const world = await start([404, 200]);
  const abort = new AbortController();
  const rediscover = async () => {
    abort.abort();
    return world.request("d2");
  };
  const outcome = attempt(world.request("d1"), { ...world.options, rediscover, signal: abort.signal });
  expect(await rejection(outcome, ApiError)).toMatchObject({ status: 499 });
  expect(world.calls).toEqual(["d1"]);
});

async function start(course: Step[]) {
  const calls: string[] = [];
  let tokens = 0;
  const server = createServer(async (request, response) => {
    let learned = "";
    for await (const chunk of request) learned += chunk;
    if (request.url === "/oauth/token") {
      response.end(JSON.stringify({ access_token: `t${++tokens}`, token_type: "bearer", expires_in: 9_000 }));
      return;
    }
    calls.push(`${request.url?.slice(1, 3)}${learned && `?${learned}`}`);
    take(course[Math.min(calls.length, course.length) - 1] ?? 200, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const network = createNetwork();
  onTestFinished(async () => {
    await network.close();
    server.closeAllConnections();
    server.close();
  });
  // By another name, so that the first call of the model goes out on a socket of its own.
  const tokenUrl = `${url.replace("127.0.0.1", "localhost")}/oauth/token`;
  const tenant = tenantFor(url, { credentials: { ...credentialsFor(url), tokenUrl } });
  const client = new AicoreClient({ tenant, network, log: silentLogger });
  const request = (id: string): Sendable => ({
    deployments: [{ id, url: `${url}/${id}`, resourceGroup: "default" } as Deployment],
    path: "/invoke",
    bodyFor: (learned) => Buffer.from([...learned].join(",")),
    learn(error, learned) {
      const [, key] = /^bad ([abc])$/.exec(error.message) ?? [];
      return key === undefined || learned.has(key) ? undefined : key;
    },
  });
  const options: AttemptOptions<Sendable, string> = {
    targets: new Targets({ random: () => 0 }),
    open: (answer) => answer.body.text(),
    deadline: Date.now() + 20_000,
    session: () => undefined,
    background: false,
    onCall: () => {},
    clientFor: () => client,
    rediscover: async () => request("d2"),
    learned: new LearnedRepairs(),
    signal: new AbortController().signal,
    idleTimeout: 10_000,
    committed: () => false,
  };
  return { calls, tokens: () => tokens, request, options };
}

function take(step: Step, response: ServerResponse): void {
  if (step === "reset") response.socket?.resetAndDestroy();
  else if (step === 200) response.end("fine");
  else if (typeof step === "string" && step.includes(" after ")) {
    const [status, , seconds] = step.split(" ");
    response.writeHead(Number(status), { "retry-after": seconds }).end("later");
  } else if (typeof step === "number") response.writeHead(step).end(`status ${step}`);
  else response.writeHead(400).end(JSON.stringify({ message: step }));
}
