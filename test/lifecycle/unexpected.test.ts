/** Faults of our own: in a handler, in a promise that nobody awaits, outside of everything (security F59). */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Catalog } from "../../src/catalog/catalog.ts";
import { silentLogger } from "../../src/log.ts";
import { temporaryFolder } from "../cli/run.ts";
import { loggedInWorld } from "../commands/world.ts";
import { checkStream } from "../support/grammar.ts";
import { ask } from "../support/questions.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { serve, untilSaid } from "./serving.ts";

const CANARY = "canary-secret-in-a-message";

function fault(): never {
  throw Object.assign(new TypeError(CANARY), { token: CANARY });
}

/** A catalog with a bug. */
class BrokenCatalog extends Catalog {
  override resolve(): never {
    return fault();
  }

  override models(): never {
    return fault();
  }
}

async function start(): Promise<Stack> {
  const stack = await startStack({
    proxy: { catalog: new BrokenCatalog({ clients: [], log: silentLogger }) },
  });
  onTestFinished(() => stack.close());
  return stack;
}

const INTERNAL = "Internal error in aicore.";
const ANTHROPIC = { type: "error", error: { type: "api_error", message: INTERNAL } };
const OPENAI = { error: { type: "server_error", message: INTERNAL } };
const GEMINI = { error: { code: 500, status: "INTERNAL", message: INTERNAL } };

test.each([
  ["POST", "/v1/messages", ask("Hi"), ANTHROPIC],
  ["POST", "/v1/messages", ask("Hi", { stream: true }), ANTHROPIC],
  ["POST", "/v1/chat/completions", ask("Hi"), OPENAI],
  ["POST", "/v1/responses", { model: "gpt-5", input: "Hi", stream: true }, OPENAI],
  ["POST", "/v1/embeddings", { model: "text-embedding-3-small", input: "Hi" }, OPENAI],
  ["POST", "/v1beta/models/x:generateContent", { contents: [{ parts: [{ text: "Hi" }] }] }, GEMINI],
  ["GET", "/v1/models", undefined, OPENAI],
  ["GET", "/ready", undefined, ANTHROPIC],
])(
  "F59 an exception in the handler of %s %s is a 500 without its text, and the proxy lives",
  async (...row) => {
    const [method, path, body, told] = row;
    const stack = await start();
    const answer = method === "POST" ? await stack.post(path, body) : await stack.get(path);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject(told);
    expect(text).not.toMatch(/canary|TypeError|\.[jt]s\b/);
    const id = answer.headers.get("x-request-id");
    expect(stack.logged.join("\n")).toContain(`request=${id} status=500 code=internal_error`);
    expect(stack.logged.join("\n")).not.toContain(CANARY);
    expect((await stack.get("/health")).status).toBe(200);
  },
);

/** Runs before `serve` and breaks it at SIGUSR2, from outside of every request. */
function breaking(how: "rejection" | "exception"): string[] {
  const path = join(temporaryFolder(), "break.mjs");
  writeFileSync(
    path,
    `process.on("SIGUSR2", () => {
      const error = Object.assign(new TypeError("${CANARY}\\n    at canary"), { code: "E_STRAY" });
      if ("${how}" === "rejection") Promise.reject(error);
      else setImmediate(() => { throw error; });
    });`,
  );
  return ["--import", path];
}

test("F59 a rejection that nobody awaited is logged with its code, and the proxy lives", async () => {
  const world = await loggedInWorld();
  const proxy = await serve(world, "-v --port 0", { node: breaking("rejection") });
  proxy.child.kill("SIGUSR2");
  const said = await untilSaid(proxy.child, "unheard");
  expect(said).toMatch(
    /"error","message":"a promise failed unheard","code":"E_STRAY","error":"TypeError","at":".*break\.mjs/,
  );
  expect((await proxy.post("/v1/messages", ask("Hello"))).status).toBe(200);
  proxy.child.kill("SIGTERM");
  const { code, stderr } = await proxy.child.result;
  expect(code).toBe(0);
  expect(stderr).not.toContain("canary");
});

test("F59 an exception that nobody caught ends the proxy with 1, once open streams are through", async () => {
  const world = await loggedInWorld({ pace: 30 });
  const proxy = await serve(world, "--port 0 --drain 3600", { node: breaking("exception") });
  const stream = await proxy.post("/v1/messages", ask(`Say: ${"word ".repeat(40)}`, { stream: true }));
  proxy.child.kill("SIGUSR2");
  await expect.poll(async () => (await proxy.get("/ready")).status).toBe(503);
  expect(checkStream(await stream.text()).complete).toBe(true);
  const { code, stderr } = await proxy.child.result;
  expect(code).toBe(1);
  expect(JSON.parse(stderr)).toEqual({
    error: {
      code: "unexpected",
      message: expect.stringMatching(/^Nobody caught a TypeError at .*break\.mjs/),
      hint: expect.stringContaining("bug in aicore"),
    },
  });
  expect(stderr).not.toContain("canary");
});
