/**
 * Secrets and prompts stay where they belong, whatever goes wrong (security T8, T10, T25): a canary of each is
 * carried through every fault of the sandbox, which says them back, and looked for in all that comes out.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import type { Fault } from "../../src/sandbox/index.ts";
import { type Stack, startStack, testKey } from "../support/stack.ts";
import { conversation, PROMPT } from "./conversation.ts";

const SECRET = "canary-secret-4f1d9b$+/=";
const API_KEY = "canary-api-key-77ab12";

let stack: Stack;
let token: string;
// One for each, and in no mood to wait: a target that fails rests.
beforeEach(async () => {
  const proxy = { keys: [testKey(API_KEY)], timing: { retryFor: 0 } };
  stack = await startStack({ sandbox: { clientSecret: SECRET }, proxy });
  await ask(false);
  token = tokensSeen()[0] ?? "";
  expect(token).toMatch(/^eyJ/);
});
afterEach(async () => {
  await stack.close();
  const logs = stack.logged.splice(0).join("\n");
  for (const canary of [PROMPT, SECRET, API_KEY, ...tokensSeen()]) expect(logs).not.toContain(canary);
});

function tokensSeen(): string[] {
  const all = stack.sandbox.requests.map(
    ({ headers }) => /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1],
  );
  return [...new Set(all)].filter((each) => each !== undefined);
}

async function ask(stream: boolean): Promise<{ status: number; text: string }> {
  const answer = await stack.post("/v1/messages", conversation(stream), { "x-api-key": API_KEY });
  const headers = JSON.stringify([...answer.headers]);
  const text = await answer.text().catch((error) => `cut off: ${error}`);
  for (const canary of [SECRET, API_KEY, ...tokensSeen()]) expect(headers + text).not.toContain(canary);
  expect(headers).not.toContain(PROMPT);
  return { status: answer.status, text };
}

/** The words of a host that knows no restraint. */
const echo = () =>
  `Failed on "${PROMPT}" for Authorization: Bearer ${token} with access_token=${token}, client_secret=${SECRET}`;
const html = () => `<html><head><title>Bad</title></head><body><pre>${echo()}</pre></body></html>`;

/** What an upstream may answer instead: name, fault. */
const BODIES: [string, () => Fault["body"]][] = [
  ["plain text", () => echo()],
  ["HTML", () => html()],
  ["Anthropic's shape", () => ({ type: "error", error: { type: "api_error", message: echo() } })],
  ["Bedrock's shape", () => ({ message: echo() })],
  ["SAP's shape", () => ({ error: { code: echo(), message: echo(), location: echo(), target: echo() } })],
  ["a request id that is none", () => ({ error: { message: "no", request_id: `${echo()} ✓\n` } })],
  ["a list", () => [{ error: { message: echo() } }]],
  ["a shape to come", () => ({ oops: { deep: echo() } })],
  ["orchestration's", () => ({ message: "no", intermediate_results: { templating: [{ content: echo() }] } })],
];
const CLIENTS_FAULT = [400, 401, 403, 404, 408, 409, 413, 422, 424, 429];
const HOSTS_FAULT = [500, 502, 503, 504, 529];

describe.each(BODIES)("an error as %s", (_, body) => {
  test.each(HOSTS_FAULT)("%i: neither client nor log sees the canaries", async (status) => {
    for (const stream of [false, true]) {
      stack.sandbox.faults.add({ status, body: body() ?? "", times: 3 });
      const answer = await ask(stream);
      expect([answer.status, JSON.parse(answer.text).type]).toEqual([status, "error"]);
      expect(answer.text).not.toContain(PROMPT);
      stack.sandbox.faults.clear();
    }
  });

  /** Its own words are shown to the client (DESIGN 8: 4xx texts come as they came), and to nobody else. */
  test.each(CLIENTS_FAULT)("%i: no secret anywhere, the prompt not in the log", async (status) => {
    for (const stream of [false, true]) {
      stack.sandbox.faults.add({ status, body: body() ?? "", times: 3 });
      expect((await ask(stream)).status).toBe(status);
      stack.sandbox.faults.clear();
    }
  });
});

const EVENTS: [string, () => JsonObject][] = [
  ["Anthropic's", () => ({ type: "error", error: { type: "api_error", message: echo() } })],
  [
    "Anthropic's, overloaded",
    () => ({ type: "error", error: { type: "overloaded_error", message: echo() } }),
  ],
  ["a bare message", () => ({ type: "error", message: `InternalServerException: ${echo()}` })],
  ["Bedrock's", () => ({ modelStreamErrorException: { message: echo() } })],
];

describe.each(EVENTS)("an error event: %s", (_, event) => {
  test("as the first", async () => {
    stack.sandbox.faults.add({ firstEvent: event(), times: 3 });
    const { status, text } = await ask(true);
    expect(status).toBeGreaterThanOrEqual(500);
    expect(text).not.toContain(PROMPT);
  });

  test("in mid-stream", async () => {
    stack.sandbox.faults.add({ afterEvents: 3, ending: event() });
    const { text } = await ask(true);
    expect(text.split("event: error")[1]).toMatch(/"type":"error"/);
    expect(text.split("event: error")[1]).not.toContain(PROMPT);
  });
});

test("a refusal in mid-stream is told to the client alone", async () => {
  stack.sandbox.faults.add({ afterEvents: 3, ending: { validationException: { message: echo() } } });
  const { text } = await ask(true);
  expect(text.split("event: error")[1]).toMatch(/invalid_request_error.*Failed on/);
  expect(stack.logged.some((line) => line.includes("the upstream failed (invalid_request_error)"))).toBe(
    true,
  );
});

describe("a broken answer", () => {
  const BROKEN: [string, () => Fault][] = [
    ["a reset", () => ({ afterEvents: 2, ending: "reset" })],
    ["an early end", () => ({ afterEvents: 2, ending: "end" })],
    ["a reset before anything", () => ({ afterEvents: 0, ending: "reset" })],
    ["no HTTP", () => ({ garbage: echo() })],
    ["half an HTTP answer", () => ({ garbage: `HTTP/1.1 200 OK\r\nx-${echo()}` })],
    ["a header that repeats it", () => ({ status: 500, headers: { "x-amzn-errortype": echo() }, body: "" })],
    ["a 200 that is none", () => ({ status: 200, body: echo() })],
    ["a 200 of HTML", () => ({ status: 200, headers: { "content-type": "text/html" }, body: html() })],
    ["a 200 of other JSON", () => ({ status: 200, body: { error: echo() } })],
    ["an unexpected 2xx", () => ({ status: 202, body: echo() })],
    ["a redirect", () => ({ redirect: `http://127.0.0.1:1/?${encodeURIComponent(echo())}` })],
    ["compressed", () => ({ gzip: true })],
    ["shorter than told", () => ({ contentLength: 100_000 })],
    ["longer than told", () => ({ contentLength: 5 })],
  ];
  test.each(BROKEN)("%s", async (_, fault) => {
    for (const stream of [false, true]) {
      stack.sandbox.faults.add({ ...fault(), times: 3 });
      const { status, text } = await ask(stream);
      if (status !== 200) expect(text).not.toContain(PROMPT);
      else if (text.includes("event: error")) expect(text.split("event: error")[1]).not.toContain(PROMPT);
      stack.sandbox.faults.clear();
    }
  });
});

describe("around the model", () => {
  /** XSUAA's own answers, which stand next to the secret. */
  test.each([400, 401, 403, 404, 429, 500, 503])("the token service answers %i", async (status) => {
    const bodies = [
      { error: "invalid_client", error_description: echo() },
      `Bad credentials: client_secret=${SECRET}`,
      html(),
      { error: "unauthorized", error_description: `secret ${SECRET} was refused`, client_secret: SECRET },
    ];
    for (const body of bodies) {
      const fresh = await startStack({
        sandbox: { clientSecret: SECRET },
        proxy: { keys: [testKey(API_KEY)] },
      });
      fresh.sandbox.faults.add({ path: "/oauth/token", status, body, times: 5 });
      const answer = await fresh.post("/v1/messages", conversation(true), { "x-api-key": API_KEY });
      const out = [...answer.headers, await answer.text(), ...fresh.logged].join("\n");
      for (const canary of [SECRET, token, API_KEY]) expect(out).not.toContain(canary);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      await fresh.close();
    }
  });

  test.each([400, 401, 403, 500])("the list of deployments answers %i", async (status) => {
    const fresh = await startStack({
      sandbox: { clientSecret: SECRET },
      proxy: { keys: [testKey(API_KEY)] },
    });
    fresh.sandbox.faults.add({ path: "/v2/lm/", status, body: { error: { message: echo() } }, times: 9 });
    const answer = await fresh.post("/v1/messages", conversation(false), { "x-api-key": API_KEY });
    const out = [...answer.headers, await answer.text(), ...fresh.logged].join("\n");
    for (const canary of [SECRET, token, API_KEY]) expect(out).not.toContain(canary);
    await fresh.close();
  });

  test("bad requests are told without repeating them", async () => {
    const headers = { "x-api-key": API_KEY };
    const bad: unknown[] = [
      `{"messages":"${PROMPT}`,
      { ...conversation(false), model: `${PROMPT} \n` },
      { ...conversation(false), messages: [{ role: PROMPT, content: "x" }] },
      {
        ...conversation(false),
        messages: [{ role: "user", content: [{ type: "text", text: 1, x: PROMPT }] }],
      },
      { ...conversation(false), system: { text: PROMPT } },
      { ...conversation(false), max_tokens: PROMPT },
    ];
    for (const body of bad) {
      const answer = await stack.post("/v1/messages", body, headers);
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toContain(PROMPT);
    }
  });

  test("a wrong key is not repeated", async () => {
    const answer = await stack.post("/v1/messages", conversation(false), { "x-api-key": `${API_KEY}x` });
    expect([answer.status, (await answer.text()).includes(API_KEY)]).toEqual([401, false]);
  });

  test("a good answer holds the model's words, and no log does", async () => {
    const { status, text } = await ask(false);
    expect([status, text.includes(PROMPT)]).toEqual([200, true]);
    expect((await ask(true)).status).toBe(200);
    expect(stack.logged.some((line) => line.includes(" completed "))).toBe(true);
  });
});
