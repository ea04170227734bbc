/** Connections that fail, in every dialect (security F1–F6): what the client sees, and how often it was tried. */
import dns from "node:dns";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Front, startFront } from "../support/stack.ts";
import {
  beginStream,
  MESSAGE,
  type ModelHandler,
  STREAM_END,
  sendJson,
  startUpstream,
  textDelta,
  type Upstream,
} from "../support/upstream.ts";
import { askIn, type Seen, WIRES, wordFor, wordsIn } from "./dialects.ts";

const MODEL = "claude-sonnet-4-5";

async function start(model: ModelHandler, hostname?: string): Promise<{ upstream: Upstream; front: Front }> {
  const upstream = await startUpstream(model, hostname);
  const front = await startFront(upstream.serviceKey, { network: { connectTimeout: 500 } });
  onTestFinished(async () => {
    await front.close();
    await upstream.close();
  });
  await front.catalog.refresh();
  return { upstream, front };
}

function answerWell(response: Parameters<ModelHandler>[0], stream: boolean): void {
  if (stream) {
    beginStream(response);
    response.end(textDelta("Hello") + STREAM_END);
  } else sendJson(response, MESSAGE);
}

const BREAKS: [name: string, fail: ModelHandler][] = [
  ["reset", (response) => response.socket?.resetAndDestroy()],
  ["end", (response) => response.socket?.end()],
];

const attemptsOf = ({ headers }: Seen) => headers.get("x-aicore-attempts");

describe.each(WIRES.flatMap((wire) => [false, true].map((stream) => ({ wire, stream }))))(
  "$wire, stream: $stream",
  ({ wire, stream }) => {
    const ask = (front: Front) => askIn(wire, front, { model: MODEL, stream });

    test("F1 an upstream that is gone is tried three times, and named", async () => {
      const { upstream, front } = await start(() => {});
      await upstream.close();
      const seen = await ask(front);
      expect([seen.status, attemptsOf(seen)]).toEqual([502, "3"]);
      expect(seen.error?.message).toBe(`Cannot reach 127.0.0.1:${upstream.port}: connection refused.`);
      expect(seen.error && wordsIn(seen.error)).toContain(wordFor(wire, 502, false));
      expect(seen.headers.get("x-aicore-error-origin")).toBe("aicore");
    });

    test.each(BREAKS)("F4/F6 a %s of a fresh socket is not repeated", async (_how, fail) => {
      const { upstream, front } = await start(fail);
      const seen = await ask(front);
      expect([seen.status, attemptsOf(seen), upstream.hits]).toEqual([502, "1", 1]);
      expect(seen.error?.message).toMatch(/broke before the answer was complete/);
      // Whether it ran is for the client to judge: its SDK may ask again.
      expect(seen.headers.get("x-should-retry")).toBe("true");
    });

    test.each(BREAKS)("F5 a %s of a reused socket is repeated once", async (_how, fail) => {
      const { upstream, front } = await start((response, nth, request) =>
        nth === 2 ? fail(response, nth, request) : answerWell(response, stream),
      );
      const seen = [await ask(front), await ask(front)];
      expect(seen.map(({ status, complete }) => ({ status, complete }))).toEqual([
        { status: 200, complete: true },
        { status: 200, complete: true },
      ]);
      expect([seen.map(attemptsOf), upstream.hits]).toEqual([["1", "2"], 3]);
    });
  },
);

type Lookup = (name: string, options: object, done: (error: Error) => void) => void;

/** `localhost` resolves as if it were a name of SAP's, except for the first `times` questions; "never": no answer to them. */
function failingLookups(code: "ENOTFOUND" | "EAI_AGAIN" | "never", times: number): { asked: number } {
  const state = { asked: 0 };
  const real = dns.lookup as unknown as Lookup;
  const lookup: Lookup = (name, options, done) => {
    if (name !== "localhost") return real(name, options, done);
    state.asked += 1;
    if (state.asked > times) return real("127.0.0.1", options, done);
    if (code !== "never") done(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }));
  };
  vi.spyOn(dns, "lookup").mockImplementation(lookup as unknown as typeof dns.lookup);
  return state;
}

describe("before the connection", () => {
  test.each(WIRES)(
    "F2 ENOTFOUND is not tried again, in %s; the next request finds the name",
    async (wire) => {
      const { upstream, front } = await start((response) => answerWell(response, false), "localhost");
      const lookups = failingLookups("ENOTFOUND", 1);
      const seen = await askIn(wire, front, { model: MODEL, stream: false });
      expect([seen.status, attemptsOf(seen), lookups.asked]).toEqual([502, "1", 1]);
      expect(seen.error?.message).toMatch(/^Cannot find localhost:\d+.*VPN/);
      expect((await askIn(wire, front, { model: MODEL, stream: false })).status).toBe(200);
      expect(upstream.hits).toBe(1);
    },
  );

  test.each(WIRES)("F2 EAI_AGAIN is tried again, in %s", async (wire) => {
    const { front } = await start((response) => answerWell(response, true), "localhost");
    failingLookups("EAI_AGAIN", 2);
    const seen = await askIn(wire, front, { model: MODEL, stream: true });
    expect([seen.status, seen.complete, attemptsOf(seen)]).toEqual([200, true, "3"]);
  });

  test.each(WIRES)("F3 a connection that never comes about is tried twice, in %s", async (wire) => {
    const { front } = await start(() => {}, "localhost");
    const lookups = failingLookups("never", 99);
    const seen = await askIn(wire, front, { model: MODEL, stream: false });
    expect([seen.status, attemptsOf(seen), lookups.asked]).toEqual([504, "2", 2]);
    expect(seen.error && wordsIn(seen.error)).toContain(wordFor(wire, 504, false));
  });

  test("F2 EAI_AGAIN for ever: three tries", async () => {
    const { front } = await start(() => {}, "localhost");
    const lookups = failingLookups("EAI_AGAIN", 99);
    const seen = await askIn("anthropic", front, { model: MODEL, stream: false });
    expect([seen.status, attemptsOf(seen), lookups.asked]).toEqual([502, "3", 3]);
    expect(seen.error?.message).toMatch(/name resolution failed for now/);
  });
});
