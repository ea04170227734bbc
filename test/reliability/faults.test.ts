/**
 * Faults of the upstream by their numbers in docs/reliability.md, in every dialect: what the client sees, and how often
 * the upstream was asked.
 */
import { describe, type TestContext, test } from "vitest";
import type { WireName } from "../../src/hub/wire.ts";
import type { Timing } from "../../src/proxy/context.ts";
import type { Fault } from "../../src/sandbox/index.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { askIn, type Seen, WIRES, wordFor, wordsIn } from "./dialects.ts";

interface Row {
  fault: Fault;
  /** "both" unless it only makes sense in one way. */
  how?: "whole" | "stream";
  timing?: Partial<Timing>;
  status: number;
  /** The status that an error in the stream stands for; 502 unless told. */
  inBand?: number;
  /** Whether the client takes the answer for whole, or is told an error. */
  ends: "complete" | "error";
  hits: number;
  headers?: Record<string, string>;
  origin?: "upstream" | "aicore";
  /** Something that stands in the answer's text. */
  says?: RegExp;
}

const FOREVER = { times: 99 };
const MID = { afterEvents: 4 };
const refused = (status: number, hits: number, fault: Fault = {}): Row => ({
  fault: { status, body: { message: "no" }, ...FOREVER, ...fault },
  status,
  ends: "error",
  hits,
  origin: "upstream",
});
const cut = (how: Fault, more: Partial<Row> = {}): Row => ({
  fault: { ...MID, ...how },
  how: "stream",
  status: 200,
  ends: "error",
  hits: 1,
  ...more,
});
const unreadable = (fault: Fault, more: Partial<Row> = {}): Row => ({
  fault: { ...FOREVER, ...fault },
  status: 502,
  ends: "error",
  hits: 1,
  ...more,
});

/** As SAP frames it, but of one's own making. */
const stream = (body: string): Fault => ({
  garbage: `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n${body}`,
});
const BEGUN = [
  {
    type: "message_start",
    message: { id: "msg_1", model: "m", usage: { input_tokens: 1, output_tokens: 1 } },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "one" } },
]
  .map((event) => `data: ${JSON.stringify(event)}\n\n`)
  .join("");
const HUGE = "x".repeat(9_000_000);

const ROWS: Record<string, Row> = {
  "F7 headers never": {
    fault: { silence: true, ...FOREVER },
    timing: { upstreamIdle: 300 },
    status: 504,
    ends: "error",
    hits: 1,
    origin: "aicore",
  },
  "F8 headers late: pings, then the answer": {
    fault: { delay: 400 },
    how: "stream",
    timing: { commitAfter: 50, pingEvery: 50 },
    status: 200,
    ends: "complete",
    hits: 1,
    says: /^(event: ping|: keep-alive)/,
  },
  "F9 429 after the early head": {
    fault: { delay: 300, status: 429, body: { message: "slow down" }, ...FOREVER },
    how: "stream",
    timing: { commitAfter: 50 },
    status: 200,
    ends: "error",
    hits: 1,
    inBand: 429,
    says: /slow down/,
  },
  "F9 500 after the early head": {
    fault: { delay: 300, status: 500, body: { message: "boom" }, ...FOREVER },
    how: "stream",
    timing: { commitAfter: 50 },
    status: 200,
    ends: "error",
    hits: 1,
    inBand: 500,
    says: /boom/,
  },
  "F18 401 once": { fault: { status: 401, body: "Jwt is expired" }, status: 200, ends: "complete", hits: 2 },
  "F19 401 for ever": refused(401, 2),
  "F20 403": refused(403, 1),
  "F21 404 once": { fault: { status: 404, body: "gone" }, status: 200, ends: "complete", hits: 2 },
  "F21 404 for ever": refused(404, 2),
  "F22 429, wait 1 s, once": {
    fault: { status: 429, headers: { "retry-after": "1" } },
    status: 200,
    ends: "complete",
    hits: 2,
    headers: { "x-aicore-attempts": "2" },
  },
  "F23 429, wait 120 s": {
    ...refused(429, 1, { headers: { "retry-after": "120" } }),
    headers: { "retry-after": "120", "x-aicore-attempts": "1" },
  },
  "F25 500 once": { fault: { status: 500, body: "boom" }, status: 200, ends: "complete", hits: 2 },
  "F25 500 for ever": refused(500, 2),
  "F25 502 for ever": refused(502, 3),
  "F25 503 for ever": refused(503, 3),
  "F25 504 for ever": refused(504, 3),
  "F26 503 as HTML": {
    ...refused(503, 3, { body: "<html><h1>Down</h1></html>", headers: { "content-type": "text/html" } }),
    says: /^(?!.*<h1>)/s,
  },
  "F27 529 for ever": refused(529, 3),
  "F28 a first event that is an error, once": {
    fault: { firstEvent: { throttlingException: { message: "slow" } } },
    how: "stream",
    status: 200,
    ends: "complete",
    hits: 2,
  },
  "F28 a first event that is an error, for ever": {
    fault: { firstEvent: { throttlingException: { message: "slow" } }, ...FOREVER },
    how: "stream",
    status: 429,
    ends: "error",
    hits: 3,
    origin: "upstream",
  },
  "F29 an error in mid-stream": cut(
    { ending: { type: "error", error: { type: "overloaded_error", message: "busy now" } } },
    { inBand: 529, says: /busy now/ },
  ),
  "F30 a reset in mid-stream": cut({ ending: "reset" }),
  "F31 an end without the last event": cut({ ending: "end" }),
  "F32 short of its length": unreadable({ contentLength: 1_000_000 }, { how: "whole", origin: "aicore" }),
  "F33 not JSON": unreadable({ status: 200, body: "hm" }, { how: "whole" }),
  "F34 silence in mid-stream": cut({ ending: "silence" }, { inBand: 504, timing: { upstreamIdle: 300 } }),
  "F35 every byte by itself": { fault: { split: "bytes" }, status: 200, ends: "complete", hits: 1 },
  "F36 an event of 9 MB": cut(stream(`${BEGUN}data: "${HUGE}"\n\n`), { says: /larger than/ }),
  "F36 a line without end": cut(stream(BEGUN + HUGE), { says: /larger than/ }),
  "F36 an event of 9 MB to begin with": unreadable(stream(`data: "${HUGE}"\n\n`), {
    how: "stream",
    says: /larger than/,
    origin: "upstream",
  }),
  "F37 no HTTP": unreadable({ garbage: "\u0000 hello\r\n\r\n" }, { origin: "aicore" }),
  "F37 a header of 200 kB": unreadable(
    { garbage: `HTTP/1.1 200 OK\r\nx: ${"y".repeat(200_000)}\r\n\r\n` },
    { origin: "aicore" },
  ),
  "F38 gzip": unreadable({ gzip: true }),
  "F39 a redirect": unreadable({ redirect: "http://127.0.0.1:1/steal" }),
};

describe.concurrent.each(WIRES)("%s", (wire) => {
  for (const [name, row] of Object.entries(ROWS)) {
    for (const stream of row.how === undefined ? [false, true] : [row.how === "stream"]) {
      test(`${name}, ${stream ? "streamed" : "whole"}`, async ({ expect, onTestFinished }) => {
        const stack = await start(row, onTestFinished);
        const seen = await askIn(wire, stack, { model: "claude-sonnet-4-5", stream });
        expect(seen.status, seen.text).toBe(statusIn(wire, row.status));
        expect({ complete: seen.complete, error: seen.error }, seen.text).toEqual(
          row.ends === "complete"
            ? { complete: true, error: undefined }
            : { complete: false, error: expect.objectContaining({ message: expect.stringMatching(/\w/) }) },
        );
        if (seen.error) {
          const word = wordFor(
            wire,
            seen.status === 200 ? (row.inBand ?? 502) : row.status,
            seen.status === 200,
          );
          expect(wordsIn(seen.error)).toContain(word);
        }
        checkHeaders(expect, seen, row);
        if (row.says) expect(seen.text).toMatch(row.says);
        expect(hitsOf(stack)).toBe(row.hits);
      });
    }
  }
});

type Expect = typeof import("vitest").expect;

function checkHeaders(expect: Expect, { headers, status }: Seen, row: Row): void {
  expect(headers.get("x-request-id")).toMatch(/^req_[0-9a-f]+$/);
  if (row.origin && status !== 200) expect(headers.get("x-aicore-error-origin")).toBe(row.origin);
  for (const [name, value] of Object.entries(row.headers ?? {})) expect(headers.get(name), name).toBe(value);
}

/** OpenAI and Google know no 529. */
function statusIn(wire: WireName, status: number): number {
  return status === 529 && wire !== "anthropic" ? 503 : status;
}

async function start(
  { fault, timing = {} }: Row,
  onTestFinished: TestContext["onTestFinished"],
): Promise<Stack> {
  const stack = await startStack({ proxy: { timing } });
  onTestFinished(() => stack.close());
  await stack.catalog.refresh();
  stack.sandbox.faults.add(fault);
  return stack;
}

function hitsOf({ sandbox }: Stack): number {
  return sandbox.requests.filter(({ kind }) => kind === "inference").length;
}
