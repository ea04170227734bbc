/** What goes wrong upstream, and the real Claude Code gets there all the same. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Fault, type RequestRecord, type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { type Outcome, VERSIONS, type Version, visit } from "./claude-code.ts";
import { nonce } from "./visit.ts";

const ASK = "Run the command `cat nonce.txt` and tell me what it printed.";

async function tenant(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close().catch(() => {}));
  return sandbox;
}

/** Asks for a secret that only its tool can find. */
async function run(version: Version, sandbox: Sandbox, others: Sandbox[] = []) {
  const secret = nonce();
  const files = { "nonce.txt": secret };
  const outcome = await visit({ sandbox, others, version, way: "aicore claude", prompt: ASK, files });
  return { outcome, secret };
}

/** The strict sandbox had nothing to object to, and the client got there. */
function expectFlawless({ outcome, secret }: { outcome: Outcome; secret: string }, sandbox: Sandbox): void {
  const refused = sandbox.refused.filter(({ kind }) => kind === "inference");
  expect(refused.map(({ refusal }) => refusal)).toEqual([]);
  expect(outcome, outcome.output).toMatchObject({ exitCode: 0, isError: false });
  expect(outcome.result, outcome.output).toContain(secret);
}

/**
 * After a break behind a block that was complete already, the newest asks the model to go on; the old one, which repeats a
 * turn only while nothing of it is shown, tells its user. Neither runs half a tool call.
 */
const RESUMES: Record<Version, boolean> = { "claude-code-latest": true, "claude-code-2.1.197": false };

/** The call that asks the model what to do first, and is told to use the tool. */
const isFirstTurn = ({ kind, body }: RequestRecord) =>
  kind === "inference" && body.includes("cat nonce.txt") && !body.includes('"tool_result"');

const FAULTS: Record<string, Fault> = {
  "429 with retry-after": {
    status: 429,
    headers: { "retry-after": "1" },
    body: { message: "Too many requests" },
  },
  "429 with retry-after, longer than we wait": {
    status: 429,
    headers: { "retry-after": "11" },
    body: { message: "Too many requests" },
  },
  "529": { status: 529, body: { message: "Overloaded" } },
  "529 more often than we try": { status: 529, body: { message: "Overloaded" }, times: 4 },
  "an overloaded first event": {
    firstEvent: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
  },
  "a stream that is reset": { afterEvents: 4, ending: "reset" },
  "a stream that ends early": { afterEvents: 4, ending: "end" },
  "an error in mid-stream": {
    afterEvents: 4,
    ending: { type: "error", error: { type: "api_error", message: "Oops" } },
  },
  "an expired token": { status: 401, body: "Jwt is expired" },
};

describe.each(VERSIONS)("%s", (version) => {
  test.each(Object.entries(FAULTS))("survives %s", async (_name, fault) => {
    const sandbox = await tenant();
    sandbox.faults.add(fault);
    expectFlawless(await run(version, sandbox), sandbox);
  });

  test("survives a token that is refused between two turns", async () => {
    const sandbox = await tenant();
    const revoked = sandbox
      .waitFor((record) => isFirstTurn(record) && record.done)
      .then(() => sandbox.revokeTokens());
    expectFlawless(await run(version, sandbox), sandbox);
    await revoked;
    expect(sandbox.requests.filter(({ status }) => status === 401).length).toBeGreaterThan(0);
  });

  test.each(["reset", "end"] as const)("a stream that is cut inside a tool call: %s", async (ending) => {
    const sandbox = await tenant();
    await run(version, sandbox);
    sandbox.faults.add({ afterEvents: await eventsUntilTool(sandbox), ending });
    const told = await run(version, sandbox);
    if (RESUMES[version]) return expectFlawless(told, sandbox);
    expect(told.outcome).toMatchObject({ exitCode: 1, isError: true });
    expect(told.outcome.result).toMatch(/^API Error: The stream was interrupted/);
  });

  test("survives a tenant that dies between two turns", async () => {
    const tenants = [await tenant(), await tenant()] as const;
    const [first, second] = tenants;
    const whole = ({ done, complete }: RequestRecord) => done && complete;
    const died = Promise.race(
      tenants.map(async (each) => {
        await each.waitFor((record) => isFirstTurn(record) && whole(record));
        await each.close();
        return each;
      }),
    );
    const told = await run(version, first, [second]);
    for (const each of tenants) expectFlawless(told, each);
    const survivor = (await died) === first ? second : first;
    expect(survivor.requests.some(({ body }) => body.includes(told.secret))).toBe(true);
  });
});

/** Events of the first turn's answer up to, and with, the first piece of the tool's input: it is asked once more. */
async function eventsUntilTool({ url, requests }: Sandbox): Promise<number> {
  const turn = requests.find(isFirstTurn);
  if (!turn) throw new Error("the model was never asked");
  const sent = request(url + turn.path, { method: "POST", headers: turn.headers }).end(turn.body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  const events = (await text(answer)).split("\n\n");
  const at = events.findIndex((event) => event.includes("input_json_delta"));
  if (at < 0) throw new Error(`no tool call in: ${events[0]}`);
  return at + 1;
}
