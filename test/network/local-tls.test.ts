/** Our own proxy over TLS: what it lets in, and what it survives. */
import { once } from "node:events";
import { request } from "node:https";
import { connect as connectTcp, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { addressesOf } from "../../src/proxy/guard/addresses.ts";
import { nameFor, namesIn, type ServerTls } from "../../src/proxy/tls.ts";
import { pem } from "../aicore/servers.ts";
import { checkStream } from "../support/grammar.ts";
import { ask } from "../support/questions.ts";
import { raw } from "../support/raw.ts";
import { KEY, type Stack, startStack } from "../support/stack.ts";

const pair = (name: string, key = `${name}-key`): ServerTls => ({
  cert: Buffer.from(pem(name)),
  key: Buffer.from(pem(key)),
});
const SELF_SIGNED = pair("server");

async function start(tls = SELF_SIGNED): Promise<Stack> {
  const stack = await startStack({ proxy: { tls } });
  onTestFinished(() => stack.close());
  return stack;
}

interface Answer {
  status: number | undefined;
  text: string;
}

/** A POST to the proxy, or a GET without a body, by somebody who trusts `ca` alone. */
function call(
  port: number,
  body: unknown,
  headers: Record<string, string> = {},
  ca = pem("server"),
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const path = body === undefined ? "/v1/models" : "/v1/messages";
    const all = { "content-type": "application/json", "x-api-key": KEY, ...headers };
    const method = body === undefined ? "GET" : "POST";
    const options = { host: "127.0.0.1", port, path, method, headers: all, ca, agent: false };
    const checked = { ...options, servername: ca === pem("ca") ? "localhost" : "" };
    const outgoing = request(checked, async (response) => {
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += chunk;
      resolve({ status: response.statusCode, text });
    });
    outgoing.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

test("answers and streams over https, in HTTP/1.1", async () => {
  const { proxy } = await start();
  expect(proxy.url).toBe(`https://127.0.0.1:${proxy.port}`);
  expect((await call(proxy.port, ask("Hello"))).status).toBe(200);
  const { status, text } = await call(proxy.port, ask("Say: hello", { stream: true }));
  expect([status, checkStream(text).complete]).toEqual([200, true]);
  expect((await call(proxy.port, undefined, { "x-api-key": "wrong" })).status).toBe(401);
});

const shaken = (port: number, protocols: string[]) => {
  const socket = connect({ host: "127.0.0.1", port, ca: pem("server"), ALPNProtocols: protocols });
  onTestFinished(() => void socket.destroy());
  return socket;
};

test("HTTP/2 is not spoken, and not promised", async () => {
  const { proxy } = await start();
  const both = shaken(proxy.port, ["h2", "http/1.1"]);
  await once(both, "secureConnect");
  expect(both.alpnProtocol).toBe("http/1.1");
  const [error] = (await once(shaken(proxy.port, ["h2"]), "error")) as [NodeJS.ErrnoException];
  expect(error.code).toMatch(/NO_APPLICATION_PROTOCOL|ECONNRESET/);
});

describe("who may call: the checks of the plain door hold", () => {
  test.each([
    ["nothing said", {}, 200],
    ["our own page", { origin: "https://127.0.0.1:PORT" }, 200],
    ["our own page by name", { origin: "https://localhost:PORT" }, 200],
    ["a page of plain http at our port", { origin: "http://127.0.0.1:PORT" }, 403],
    ["another site", { origin: "https://evil.invalid" }, 403],
    ["another site at our port", { origin: "https://evil.invalid:PORT" }, 403],
    ["no port, which is another's", { origin: "https://127.0.0.1" }, 403],
    ["a call from another site", { "sec-fetch-site": "cross-site" }, 403],
    ["another host", { host: "evil.invalid:PORT" }, 403],
    ["another host that is no other port", { host: "127.0.0.1" }, 403],
    ["loopback by name", { host: "localhost:PORT" }, 200],
  ])("%s", async (_name, headers: Record<string, string>, status) => {
    const { proxy } = await start();
    const filled = Object.entries(headers).map(([name, value]) => [
      name,
      value.replace("PORT", String(proxy.port)),
    ]);
    expect((await call(proxy.port, ask("Hello"), Object.fromEntries(filled))).status).toBe(status);
  });

  test("the names of the certificate are ours too", async () => {
    const { proxy } = await start(pair("local", "leaf-key"));
    const by = (host: string) => call(proxy.port, undefined, { host: `${host}:${proxy.port}` }, pem("ca"));
    expect((await by("box.corp.invalid")).status).toBe(200);
    expect((await by("other.corp.invalid")).status).toBe(403);
  });

  test.each<
    [tls: boolean, port: number, host: string, origin: string, ours: [host: boolean, origin: boolean]]
  >([
    [true, 443, "127.0.0.1", "https://localhost", [true, true]],
    [true, 443, "127.0.0.1:443", "https://localhost:443", [true, true]],
    [true, 443, "127.0.0.1:80", "http://localhost", [false, false]],
    [true, 80, "127.0.0.1", "https://localhost", [false, false]],
    [false, 80, "127.0.0.1", "http://localhost", [true, true]],
    [false, 443, "127.0.0.1", "http://localhost", [false, false]],
  ])("tls %s on port %i: Host %s and Origin %s", (tls, port, host, origin, ours) => {
    const addresses = addressesOf("127.0.0.1", port, [], tls);
    expect([addresses.allowsHost(host), addresses.allowsOrigin(origin)]).toEqual(ours);
  });
});

describe("the name in the URL is one that the certificate holds", () => {
  test.each<[certificate: string, host: string, name: string | undefined]>([
    ["server", "127.0.0.1", "127.0.0.1"],
    ["server", "0.0.0.0", "127.0.0.1"],
    ["server", "::1", undefined],
    ["local", "127.0.0.1", "localhost"],
    ["local", "::1", "localhost"],
    ["local", "localhost", "localhost"],
    ["local", "0.0.0.0", "localhost"],
    ["local", "box.corp.invalid", "box.corp.invalid"],
    ["elsewhere", "192.0.2.1", "elsewhere.invalid"],
    ["elsewhere", "127.0.0.1", undefined],
  ])("%s, bound to %s: %s", (certificate, host, name) => {
    expect(nameFor(Buffer.from(pem(certificate)), host)).toBe(name);
  });

  test("wildcards are no names", () => {
    expect(namesIn(Buffer.from(pem("sap")))).toEqual(["sap.invalid"]);
    expect(namesIn(Buffer.from(pem("server")))).toEqual([]);
  });

  test("the proxy goes by it", async () => {
    const { proxy } = await start(pair("local", "leaf-key"));
    expect(proxy.url).toBe(`https://localhost:${proxy.port}`);
  });
});

/** Once a server says no more to this socket. */
const closed = (socket: Socket | TLSSocket) =>
  new Promise<void>((resolve) => {
    socket.on("error", () => {});
    socket.once("close", () => resolve());
    socket.resume();
  });

describe("what is no TLS", () => {
  test("plain HTTP is answered with nothing, and whoever comes next with everything", async () => {
    const { proxy } = await start();
    const answer = await raw(proxy.port, `GET /health HTTP/1.1\r\nhost: 127.0.0.1:${proxy.port}\r\n\r\n`);
    expect(answer).toMatchObject({ status: 0, body: "" });
    expect((await call(proxy.port, undefined)).status).toBe(200);
  });

  test.each<[name: string, say: (socket: Socket) => void]>([
    ["noise", (socket) => void socket.write(Buffer.alloc(2_000, 0xff))],
    [
      "a beginning of a handshake, then a reset",
      (socket) => void socket.write("\x16\x03\x01", () => socket.resetAndDestroy()),
    ],
    ["an end at once", (socket) => void socket.end()],
  ])("%s closes that connection alone", async (_name, say) => {
    const { proxy } = await start();
    const socket = connectTcp(proxy.port, "127.0.0.1");
    await once(socket, "connect");
    const end = closed(socket);
    say(socket);
    await end;
    expect((await call(proxy.port, undefined)).status).toBe(200);
  });

  test("a client that does not trust us hangs up, and that is all", async () => {
    const { proxy } = await start();
    await expect(call(proxy.port, undefined, {}, pem("client"))).rejects.toThrow(
      /self-signed|unable to verify/i,
    );
    expect((await call(proxy.port, undefined)).status).toBe(200);
  });
});

describe("closing", () => {
  test("does not wait for connections that never finish their handshake", async () => {
    const { proxy } = await start();
    const silent = connectTcp(proxy.port, "127.0.0.1");
    await once(silent, "connect");
    const end = closed(silent);
    await proxy.close({ drain: 0 });
    await end;
  });

  test("lets an open stream finish", async () => {
    const stack = await startStack({ proxy: { tls: SELF_SIGNED }, sandbox: { pace: 30 } });
    onTestFinished(() => stack.close());
    const streamed = call(stack.proxy.port, ask("Say: one two three four five", { stream: true }));
    await stack.sandbox.waitFor(({ kind, status }) => kind === "inference" && status === 200);
    await stack.proxy.close({ drain: 10_000 });
    const { status, text } = await streamed;
    expect([status, checkStream(text).complete]).toEqual([200, true]);
  });
});
