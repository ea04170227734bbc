/** One HTTP call, and every way in which it can fail, met for real (security 4.2, F1–F4, F6, F7, F10–F12, F37, F39). */
import { once } from "node:events";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createNetwork, type NetworkOptions } from "../../src/aicore/network.ts";
import { type OutgoingCall, send } from "../../src/aicore/transport.ts";
import { ApiError } from "../../src/errors.ts";
import { rejection } from "./fake-sap.ts";
import { closedPort, http, https, listen, pem, tcp } from "./servers.ts";

function call(url: string, more: Partial<OutgoingCall> = {}, options: NetworkOptions = {}) {
  const network = createNetwork(options);
  onTestFinished(() => network.close());
  return send(network, { url, method: "POST", headers: { authorization: "Bearer t" }, body: "{}", ...more });
}

const raw = (text: string) => tcp((socket) => void socket.once("data", () => socket.end(text)));
const secure = (name: string) => https(name, (_, response) => response.end("ok"));

interface Failure {
  /** Where to call; the port of the server that fails. */
  url: () => Promise<string>;
  call?: Partial<OutgoingCall>;
  status: number;
  reason: string;
  message: RegExp;
  hint?: RegExp;
}

const FAILURES: Record<string, Failure> = {
  "F1 refused": {
    url: async () => `http://127.0.0.1:${await closedPort()}`,
    status: 502,
    reason: "unreachable",
    message: /^Cannot reach 127\.0\.0\.1:\d+: connection refused\.$/,
  },
  "F2 no such name": {
    url: async () => "https://api.ai.invalid",
    status: 502,
    reason: "dns_error",
    message: /^Cannot find api\.ai\.invalid/,
    hint: /VPN/,
  },
  "F4 reset": {
    url: async () =>
      `http://127.0.0.1:${await tcp((socket) => void socket.once("data", () => socket.resetAndDestroy()))}`,
    status: 502,
    reason: "connection_reset",
    message: /broke/,
  },
  "F6 end": {
    url: async () => `http://127.0.0.1:${await raw("")}`,
    status: 502,
    reason: "connection_reset",
    message: /broke/,
  },
  "F7 silence": {
    url: async () => `http://127.0.0.1:${await tcp((socket) => void socket.resume())}`,
    call: { headersTimeout: 500 },
    status: 504,
    reason: "timeout",
    message: /did not answer in time/,
  },
  "F10 plain HTTP where TLS should be": {
    url: async () => `https://127.0.0.1:${await http((_, response) => response.end())}`,
    status: 502,
    reason: "tls_error",
    message: /did not answer with TLS/,
  },
  "F11 an unknown authority": {
    url: async () => `https://127.0.0.1:${await secure("server")}`,
    status: 502,
    reason: "tls_error",
    message: /not trusted/,
    hint: /NODE_EXTRA_CA_CERTS/,
  },
  "F12 another host's certificate": {
    url: async () => `https://127.0.0.1:${await secure("other-host")}`,
    status: 502,
    reason: "tls_error",
    message: /is for another host/,
  },
  "F12 an expired certificate": {
    url: async () => `https://127.0.0.1:${await secure("expired")}`,
    status: 502,
    reason: "tls_error",
    message: /has expired/,
  },
  "F37 not HTTP": {
    url: async () => `http://127.0.0.1:${await raw("hello there\r\n\r\n")}`,
    status: 502,
    reason: "bad_answer",
    message: /not valid HTTP/,
  },
  "F37 headers without end": {
    url: async () => `http://127.0.0.1:${await raw(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(200_000)}\r\n\r\n`)}`,
    status: 502,
    reason: "bad_answer",
    message: /not valid HTTP/,
  },
};

test.each(Object.entries(FAILURES))(
  "%s",
  async (_name, { url, status, reason, message, hint, call: more }) => {
    const trusted = { extraCa: [pem("other-host"), pem("expired")] };
    const error = await rejection(call(await url(), more, trusted), ApiError);
    expect(error).toMatchObject({
      status,
      reason,
      origin: "aicore",
      message: expect.stringMatching(message),
    });
    if (hint) expect(error.hint).toMatch(hint);
  },
);

const BROKEN_BODIES: [name: string, answer: string, reason: string][] = [
  ["short of its length", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello", "connection_reset"],
  [
    "chunked and cut",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "connection_reset",
  ],
  ["with a chunk that is none", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "bad_answer"],
];

test.each(BROKEN_BODIES)(
  "F32 a body %s is a failure, however much of it came",
  async (_name, text, reason) => {
    const answer = await call(`http://127.0.0.1:${await raw(text)}`);
    expect(answer.status).toBe(200);
    expect(await rejection(answer.body.text(), ApiError)).toMatchObject({ status: 502, reason });
  },
);

test("a body that falls silent is a timeout", async () => {
  const port = await http((_, response) => response.write("hello"));
  const answer = await call(`http://127.0.0.1:${port}`, { bodyTimeout: 500 });
  expect(await rejection(answer.body.text(), ApiError)).toMatchObject({ status: 504, reason: "timeout" });
});

test("a body larger than allowed is given up", async () => {
  const port = await http((_, response) => response.end("x".repeat(10_000)));
  const answer = await call(`http://127.0.0.1:${port}`);
  expect(await rejection(answer.body.text(9_999), ApiError)).toMatchObject({ reason: "answer_too_large" });
});

test("F39 a redirect is an answer like any other", async () => {
  let visits = 0;
  const elsewhere = await http(() => visits++);
  const port = await http((_, response) => {
    response.writeHead(307, { location: `http://127.0.0.1:${elsewhere}/` }).end();
  });
  expect((await call(`http://127.0.0.1:${port}`)).status).toBe(307);
  expect(visits).toBe(0);
});

test.each(["a\r\nx-evil: 1", "a\nb", "a\0b"])("a header value like %j never goes out", async (value) => {
  let hits = 0;
  const port = await http((_, response) => {
    hits++;
    response.end();
  });
  const url = `http://127.0.0.1:${port}`;
  await rejection(call(url, { headers: { "ai-resource-group": value } }), ApiError);
  expect(hits).toBe(0);
});

test("a path cannot break out of its line", async () => {
  const seen: string[] = [];
  const port = await http((request, response) => {
    seen.push(request.url ?? "");
    response.end();
  });
  await call(`http://127.0.0.1:${port}/v2/a b\r\nx-evil: 1/c?q=\r\n`);
  expect(seen).toEqual(["/v2/a%20bx-evil:%201/c?q="]);
});

const early: [phase: string, serve: (socket: Socket) => void][] = [
  ["before the head", (socket) => socket.resume()],
  ["in the body", (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello")],
];

test.each(early)("a signal that fires %s closes the connection", async (_phase, serve) => {
  const abort = new AbortController();
  const closed = new Promise((resolve) => {
    void tcp((socket) => {
      socket.once("close", resolve);
      socket.once("data", () => {
        serve(socket);
        setImmediate(() => abort.abort());
      });
    }).then((port) => outcome(call(`http://127.0.0.1:${port}`, { signal: abort.signal })));
  });
  const outcome = (sent: ReturnType<typeof call>) =>
    sent.then((answer) => answer.body.text()).catch(() => {});
  await closed;
});

test("a signal ends the wait for a connection that does not come about", async () => {
  const port = await listen((await import("node:net")).createServer(() => {}));
  const abort = new AbortController();
  const reason = new ApiError(529, "stopping");
  const sent = call(`https://127.0.0.1:${port}`, { signal: abort.signal });
  setImmediate(() => abort.abort(reason));
  expect(await rejection(sent, ApiError)).toBe(reason);
});

test("a signal that has fired sends nothing", async () => {
  let connections = 0;
  const port = await tcp(() => connections++);
  const sent = call(`http://127.0.0.1:${port}`, { signal: AbortSignal.abort() });
  expect(await rejection(sent, ApiError)).toMatchObject({ status: 499, reason: "client_cancelled" });
  expect(connections).toBe(0);
});

test("listeners leave the signal when the call is over", async () => {
  const port = await http((_, response) => response.end("ok"));
  const { signal } = new AbortController();
  const count = { added: 0, removed: 0 };
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    count.added++;
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    count.removed++;
    removeEventListener.apply(signal, given);
  };
  await (await call(`http://127.0.0.1:${port}`, { signal })).body.text();
  expect(count).toEqual({ added: 1, removed: 1 });
});

test("a paused body halts the sender, and resumes intact", async () => {
  const total = 64 * 1024 * 1024;
  let written = 0;
  const port = await http(async (_, response) => {
    const piece = Buffer.alloc(64 * 1024, "x");
    for (; written < total; written += piece.length)
      if (!response.write(piece)) await once(response, "drain");
    response.end();
  });
  const { body } = await call(`http://127.0.0.1:${port}`);
  for (let before = -1; before !== written; ) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(written).toBeLessThan(total / 2);
  expect((await body.bytes(total)).length).toBe(total);
});
