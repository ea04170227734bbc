/** How the server stops (security F44, F45): running answers end well or in-band, and nothing keeps the process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import type { SandboxOptions } from "../../src/sandbox/index.ts";
import { checkStream } from "../support/grammar.ts";
import { ask } from "../support/questions.ts";
import { KEY, type Stack, startStack } from "../support/stack.ts";

async function start(sandbox: SandboxOptions = {}): Promise<Stack> {
  const stack = await startStack({ sandbox });
  onTestFinished(() => stack.close());
  await stack.catalog.refresh();
  return stack;
}

/** Resolves when the model has the question. */
async function asked({ sandbox }: Stack): Promise<void> {
  await sandbox.waitFor(({ kind, body }) => kind === "inference" && body !== "");
}

const SHUTTING_DOWN = { type: "overloaded_error", message: "aicore is shutting down." };

test("an idle server closes at once, kept-alive connections and all", async () => {
  const stack = await start();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const sent = request(`${stack.proxy.url}/health`, { agent }).end();
  const [answer] = await once(sent, "response");
  await once(answer.resume(), "end");
  const started = Date.now();
  await stack.proxy.close({ drain: 10_000 });
  expect(Date.now() - started).toBeLessThan(1_000);
  await expect(stack.get("/health")).rejects.toThrow();
});

test("F45 running streams finish within the drain; new requests are refused, and it is not ready, but alive", async () => {
  const stack = await start({ pace: 30 });
  const answer = await stack.post("/v1/messages", ask("Hello", { stream: true }));
  const closed = stack.proxy.close({ drain: 15_000 });
  const refused = await stack.post("/v1/messages", ask("Hello"));
  expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("connection")]).toEqual([
    529,
    "1",
    "close",
  ]);
  expect(await refused.json()).toMatchObject({ type: "error", error: SHUTTING_DOWN });
  expect((await stack.post("/v1/chat/completions", ask("Hello"))).status).toBe(503);
  expect((await stack.get("/ready")).status).toBe(503);
  expect((await stack.get("/health")).status).toBe(200);
  expect(checkStream(await answer.text()).complete).toBe(true);
  await closed;
  await expect(stack.get("/health")).rejects.toThrow();
});

/** Two requests on one connection, one behind the other. */
function requestsOn(socket: Socket, bodies: JsonObject[]): void {
  for (const body of bodies) {
    const text = JSON.stringify(body);
    const head = `POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:${socket.remotePort}\r\nx-api-key: ${KEY}`;
    socket.write(
      `${head}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }
}

test("a request that comes in over an open connection is refused as overload", async () => {
  const stack = await start({ pace: 30 });
  const socket = connect(stack.proxy.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  requestsOn(socket, [ask("Hello", { stream: true })]);
  await asked(stack);
  const closed = stack.proxy.close({ drain: 15_000 });
  requestsOn(socket, [ask("Hello")]);
  await once(socket, "close");
  await closed;
  expect(text.indexOf("event: message_stop")).toBeGreaterThan(0);
  expect(text.indexOf("HTTP/1.1 529")).toBeGreaterThan(text.indexOf("event: message_stop"));
  expect(text).toContain('"type":"overloaded_error"');
  expect(text.slice(text.indexOf("HTTP/1.1 529")).toLowerCase()).toContain("connection: close");
});

test("F45 what does not finish within the drain is ended in-band", async () => {
  const stack = await start();
  stack.sandbox.faults.add({ afterEvents: 3, ending: "silence" });
  const answer = await stack.post("/v1/messages", ask("Hello", { stream: true }));
  const [text] = await Promise.all([answer.text(), stack.proxy.close({ drain: 50 })]);
  const { error, complete } = checkStream(text);
  expect(error).toEqual(SHUTTING_DOWN);
  expect(complete).toBe(false);
  expect(text).not.toContain("message_stop");
  expect((await stack.sandbox.waitFor(({ kind, done }) => kind === "inference" && done)).aborted).toBe(true);
});

for (const stream of [false, true]) {
  test(`what has not begun within the drain gets a real status, stream: ${stream}`, async () => {
    const stack = await start();
    stack.sandbox.faults.add({ silence: true });
    const answer = stack.post("/v1/messages", ask("Hello", { stream }));
    await asked(stack);
    await stack.proxy.close({ drain: 50 });
    expect((await answer).status).toBe(529);
    expect(await (await answer).json()).toMatchObject({ type: "error", error: SHUTTING_DOWN });
  });
}

test("who waits for a token is told as well", async () => {
  const stack = await start();
  stack.sandbox.revokeTokens();
  stack.sandbox.faults.add({ path: "/oauth/token", silence: true });
  const answer = stack.post("/v1/messages", ask("Hello", { stream: true }));
  const tokens = () => stack.sandbox.requests.filter(({ kind }) => kind === "token");
  await stack.sandbox.waitFor(() => tokens().length === 2);
  await stack.proxy.close({ drain: 50 });
  expect((await answer).status).toBe(529);
});

test("a second call shortens the drain", async () => {
  const stack = await start();
  stack.sandbox.faults.add({ afterEvents: 3, ending: "silence" });
  const answer = await stack.post("/v1/messages", ask("Hello", { stream: true }));
  const first = stack.proxy.close({ drain: 3_600_000 });
  const started = Date.now();
  await Promise.all([stack.proxy.close({ drain: 0 }), first]);
  expect(Date.now() - started).toBeLessThan(5_000);
  expect(checkStream(await answer.text()).error).toEqual(SHUTTING_DOWN);
});

test("a client that does not read cannot hold the stop", async () => {
  const stack = await start();
  const socket = connect(stack.proxy.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  stack.sandbox.faults.add({ afterEvents: 3, ending: "silence" });
  requestsOn(socket.pause(), [ask("Hello", { stream: true })]);
  await asked(stack);
  const started = Date.now();
  await stack.proxy.close({ drain: 0 });
  expect(Date.now() - started).toBeLessThan(5_000);
});

/** The modules one by one as a library: it asks a streamed question, stops, and must then end by itself. */
const PROGRAM = `
  const [sandboxes, clients, networks, catalogs, keys, logs, servers, accepted] = await Promise.all(
    ["sandbox/index", "aicore/client", "aicore/network", "catalog/catalog", "config/service-key", "log", "proxy/server", "keys/accepted"]
      .map((name) => import(new URL("build/" + name + ".js", process.argv[1])))
  );
  const sandbox = await sandboxes.startSandbox();
  const { credentials } = keys.readServiceKey(sandbox.serviceKey);
  const tenant = { profile: "p", credentials, source: "AICORE_SERVICE_KEY", resourceGroup: "default", warnings: [] };
  const [network, log] = [networks.createNetwork(), logs.silentLogger];
  const client = new clients.AicoreClient({ tenant, network, log });
  const catalog = new catalogs.Catalog({ clients: [client], log });
  const proxy = await servers.startProxy({ port: 0, keys: [accepted.unlimitedKey("local", "k")], catalog, clients: [client], log, version: "0" });
  const headers = { "content-type": "application/json", "x-api-key": "k" };
  const body = JSON.stringify(${JSON.stringify(ask("Hello", { stream: true }))});
  const answer = await fetch(proxy.url + "/v1/messages", { method: "POST", headers, body });
  if (!(await answer.text()).includes("message_stop")) process.exit(3);
  sandbox.faults.add({ afterEvents: 3, ending: "silence" });
  const leaving = await fetch(proxy.url + "/v1/messages", { method: "POST", headers, body });
  await leaving.body.getReader().cancel();
  await sandbox.waitFor((record) => record.aborted);
  await proxy.close({ drain: 1000 });
  await network.close();
  await sandbox.close();
  console.log("closed");
`;

test("after the stop nothing keeps the process", async () => {
  const root = new URL("../../", import.meta.url).href;
  const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, root], { stdio: "pipe" });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [output, closedAt] = ["", 0];
  child.stdout.on("data", (chunk) => {
    output += chunk;
    closedAt = Date.now();
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, "close");
  expect([output.trim(), code]).toEqual(["closed", 0]);
  expect(Date.now() - closedAt).toBeLessThan(2_500);
});
