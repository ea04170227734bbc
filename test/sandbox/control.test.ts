/** The levers of a sandbox that stands alone. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { body } from "./claude/bodies.ts";
import { Client, send } from "./client.ts";

let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox();
  client = await Client.of(sandbox);
});
afterEach(() => sandbox.faults.clear());
afterAll(() => sandbox.close());

const lever = (method: "GET" | "POST" | "DELETE", path: string, value?: unknown) =>
  send(`${sandbox.url}/sandbox/${path}`, { method, ...(value === undefined ? {} : { body: value }) });

const invoke = () => client.invoke("anthropic--claude-4.6-opus", body());

test("faults are set and cleared", async () => {
  expect((await lever("POST", "faults", { status: 418, path: "invoke" })).status).toBe(200);
  expect((await invoke()).status).toBe(418);
  await lever("POST", "faults", { status: 418 });
  await lever("DELETE", "faults");
  expect((await invoke()).status).toBe(200);
});

test.each([[{ statsu: 1 }], [{ path: "(" }], [[]], ["{"]])("%j is no fault", async (value) => {
  expect((await lever("POST", "faults", value)).status).toBe(400);
});

test.each(["requests", "refused", "usage"])("%s are listed", async (name) => {
  await invoke();
  await client.call("/nowhere");
  const { status, text } = await lever("GET", name);
  expect(status).toBe(200);
  expect(JSON.parse(text).length).toBeGreaterThan(0);
});

test("tokens are revoked", async () => {
  const own = await startSandbox();
  const other = await Client.of(own);
  await send(`${own.url}/sandbox/tokens/revoke`, { method: "POST" });
  expect((await other.call("/lm/deployments")).status).toBe(401);
  await own.close();
});

test("levers leave no trace in the log", async () => {
  await lever("GET", "requests");
  expect(sandbox.requests.some(({ path }) => path.startsWith("/sandbox/"))).toBe(false);
});

test("there is no other lever", async () => expect((await lever("GET", "secrets")).status).toBe(404));
