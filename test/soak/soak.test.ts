/**
 * F61: fifty clients for a minute (or SOAK_SECONDS), in every dialect, while everything that can go wrong at the tenants
 * does. The proxy is the real program. SOAK_SEED repeats a run as far as time allows.
 */
import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type Asked, ask, type Door, type Ending, type Got, type Manner } from "./client.ts";
import { disturb } from "./faults.ts";
import { Random } from "./random.ts";
import { type Service, type Stats, startService } from "./service.ts";

const SECONDS = Number(process.env.SOAK_SECONDS ?? 60);
const SEED = Number(process.env.SOAK_SEED ?? Date.now() % 1_000_000);
const CLIENTS = 50;
/** Before memory is measured for the first time: code is compiled and pools are filled by then. */
const WARM_UP = Math.max(5, Math.min(60, SECONDS / 4));
/** Megabytes that may be held longer: learned repairs, sessions (10,000 at most), token estimates, compiled code. */
const MEMORY = 12;

const WIRES = ["anthropic", "openai-chat", "openai-responses", "gemini"] as const;
const MODELS = [
  "claude-sonnet-4-5",
  "claude-haiku-4-5",
  "opus",
  "gpt-5.5",
  "gpt-4.1",
  "gemini-2.5-pro",
  "gemini-3.5-flash",
  "amazon--nova-lite",
  "mistralai--mistral-medium",
  "sonar-pro",
] as const;
const MANNERS: [Manner, ...Manner[]] = [
  ...(["reads", "reads", "reads", "reads", "reads"] as const),
  ...(["reads slowly", "leaves early", "leaves amid"] as const),
];
const WORDS = [
  "one",
  "two",
  "Größe",
  "✓",
  "naïve",
  "👩‍👩‍👧",
  "日本語",
  "four\nfive",
  '{"a":1}',
  "\\u0041",
] as const;
/** What the proxy may answer beside 200; a 400 or a 404 would be its own mistake, for every question is a good one. */
const REFUSALS = [401, 429, 500, 502, 503, 504, 529];

function questionFrom(random: Random): Asked {
  const length = random.chance(0.05) ? random.between(500, 2_000) : random.between(3, 40);
  const words = Array.from({ length }, () => random.pick(WORDS));
  return {
    wire: random.pick(WIRES),
    model: random.pick(MODELS),
    stream: random.chance(0.7),
    words: [...words, "end"].join(" "),
    manner: random.pick(MANNERS),
    pause: random.between(0, 200),
  };
}

class Soak {
  sent = 0;
  readonly endings: Record<Ending, number> = {
    complete: 0,
    broken: 0,
    refused: 0,
    left: 0,
    hung: 0,
    cut: 0,
  };
  /** Everything that a client must never see. */
  readonly wrong: (Got | { lost: string })[] = [];
  readonly #service: Service;
  readonly #door: Door;

  constructor(service: Service, agent: Agent) {
    this.#service = service;
    this.#door = { url: service.url, key: service.key, agent };
  }

  async run(seconds: number, seed: number): Promise<void> {
    const until = Date.now() + seconds * 1_000;
    const client = async (_: unknown, nth: number) => {
      const random = new Random(seed * CLIENTS + nth);
      while (Date.now() < until) await this.#once(random);
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  async #once(random: Random): Promise<void> {
    if (random.chance(0.35)) disturb(random.pick(this.#service.sandboxes), random);
    this.sent += 1;
    const got = await ask(this.#door, questionFrom(random));
    this.endings[got.ending] += 1;
    if (!isHonest(got)) this.wrong.push(got);
  }
}

/** A complete answer holds all that was asked for, a broken one its beginning, and nothing twice. */
function isHonest({ ending, status, text, asked: { words } }: Got): boolean {
  switch (ending) {
    case "complete":
      return text === words;
    case "broken":
      return words.startsWith(text);
    case "refused":
      return REFUSALS.includes(status);
    case "left":
      return true;
    default:
      return false;
  }
}

/** Asks until it holds; the last answer is what a failing test shows. */
async function eventually<T>(read: () => Promise<T> | T, holds: (value: T) => boolean): Promise<T> {
  const until = Date.now() + 30_000;
  for (;;) {
    const value = await read();
    if (holds(value) || Date.now() > until) return value;
    await sleep(100);
  }
}

function total({ requests }: Stats): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

const busy = ({ targets }: Stats) => targets.reduce((sum, { in_flight }) => sum + in_flight, 0);

function report(words: string): void {
  process.stdout.write(`soak: ${words}\n`);
}

test("F61 fifty clients and every fault", { timeout: (SECONDS + WARM_UP + 300) * 1_000 }, async () => {
  report(`${SECONDS} s after ${WARM_UP} s of warm-up, SOAK_SEED=${SEED}`);
  const service = await startService();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const soak = new Soak(service, agent);

  await soak.run(WARM_UP, SEED);
  const warm = await service.memory();
  const files = service.files();
  await soak.run(SECONDS, SEED + 1);

  for (const { faults } of service.sandboxes) faults.clear();
  const stats = await eventually(service.stats, (now) => total(now) >= soak.sent && busy(now) === 0);
  report(
    `${soak.sent} requests: ${JSON.stringify(soak.endings)}; the proxy says ${JSON.stringify(stats.requests)}`,
  );

  expect(soak.wrong.slice(0, 5)).toEqual([]);
  expect(total(stats), "every request is accounted for, once").toBe(soak.sent);
  expect(stats.requests.completed, "what clients took for whole was whole").toBeGreaterThanOrEqual(
    soak.endings.complete,
  );
  expect({ busy: busy(stats), waiting: stats.waiting }).toEqual({ busy: 0, waiting: 0 });
  for (const { requests, refused } of service.sandboxes) {
    const open = await eventually(
      () => requests.filter(({ done }) => !done),
      ({ length }) => length === 0,
    );
    expect(
      open.map(({ path }) => path),
      "no call goes on without its client",
    ).toEqual([]);
    // A bare GET asks whether a host is still there at all, no more.
    const asked = refused.filter(({ kind }) => kind === "inference");
    expect(asked.map(({ refusal }) => refusal).slice(0, 5)).toEqual([]);
  }

  // Idle connections end with their other ends.
  agent.destroy();
  await Promise.all(service.sandboxes.map((sandbox) => sandbox.close()));
  const connections = await eventually(service.connections, (now) => now === 0);
  const after = await service.memory();
  report(`memory ${warm.toFixed(1)} → ${after.toFixed(1)} MB, files ${files} → ${service.files()}`);
  expect(connections).toBe(0);
  expect(service.files()).toBeLessThanOrEqual(files);
  expect(after - warm).toBeLessThan(MEMORY);

  const { code, stderr } = await service.stop();
  expect({ code, faults: stderr.match(/internal_error|unhandled|TypeError/gi) }).toEqual({
    code: 0,
    faults: null,
  });
});
