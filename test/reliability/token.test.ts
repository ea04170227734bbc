/** The token service fails (security F14–F17), in every dialect; how often it is asked is in test/proxy/faults-token. */
import { describe, expect, onTestFinished, test } from "vitest";
import type { Fault } from "../../src/sandbox/index.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { askIn, WIRES, wordFor, wordsIn } from "./dialects.ts";

const TOKEN = { path: "/oauth/token", times: 99 };
const REFUSED = { error: "invalid_client", error_description: "Bad credentials" };

interface Row {
  fault: Fault;
  status: number;
  says: RegExp;
  headers: Record<string, string | null>;
  /** Token calls after two requests of the client. */
  calls: number;
}

const ROWS: Record<string, Row> = {
  "F14 credentials that are refused": {
    fault: { ...TOKEN, status: 401, body: REFUSED },
    status: 401,
    says: /Bad credentials.*aicore login/,
    headers: { "x-aicore-error-origin": "token", "x-should-retry": "false" },
    calls: 1,
  },
  "F15 a token service that is throttled": {
    fault: { ...TOKEN, status: 429, headers: { "retry-after": "7" } },
    status: 503,
    says: /token/i,
    headers: { "x-aicore-error-origin": "token", "retry-after": "7", "x-should-retry": null },
    calls: 1,
  },
  "F16 a token service that answers with HTML": {
    fault: { ...TOKEN, status: 200, body: "<html><body>Login</body></html>" },
    status: 502,
    says: /^(?!.*<html>)/,
    headers: { "x-aicore-error-origin": "token", "x-should-retry": null },
    calls: 2,
  },
};

async function start(): Promise<Stack> {
  const stack = await startStack();
  onTestFinished(() => stack.close());
  return stack;
}

const count = ({ sandbox }: Stack, kind: string) =>
  sandbox.requests.filter((request) => request.kind === kind).length;

describe.each(WIRES)("%s", (wire) => {
  test.each(Object.entries(ROWS))("%s", async (_name, { fault, status, says, headers, calls }) => {
    const stack = await start();
    stack.sandbox.faults.add(fault);
    for (const stream of [false, true]) {
      const seen = await askIn(wire, stack, { model: "claude-sonnet-4-5", stream });
      expect(seen.status, seen.text).toBe(status);
      expect(seen.error?.message).toMatch(says);
      expect(seen.error && wordsIn(seen.error)).toContain(wordFor(wire, status, false));
      for (const [name, value] of Object.entries(headers)) expect(seen.headers.get(name), name).toBe(value);
    }
    expect([count(stack, "token"), count(stack, "inference")]).toEqual([calls, 0]);
  });
});

test("F17 a hundred requests at a cold start, in all dialects: one token", async () => {
  const stack = await start();
  const asked = Array.from({ length: 100 }, (_, nth) =>
    askIn(WIRES[nth % WIRES.length] ?? "anthropic", stack, {
      model: "claude-sonnet-4-5",
      stream: nth % 3 > 0,
    }),
  );
  const seen = await Promise.all(asked);
  expect(seen.filter(({ status, complete }) => status === 200 && complete)).toHaveLength(100);
  expect([count(stack, "token"), count(stack, "inference")]).toEqual([1, 100]);
});
