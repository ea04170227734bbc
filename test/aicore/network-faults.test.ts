/** What stands in the way between us and SAP, directly and behind a proxy (security F2, F3, F10–F13). */
import { expect, onTestFinished, test } from "vitest";
import { createNetwork, type NetworkOptions } from "../../src/aicore/network.ts";
import { send } from "../../src/aicore/transport.ts";
import { ApiError } from "../../src/errors.ts";
import { connectProxy } from "../support/connect-proxy.ts";
import { rejection } from "./fake-sap.ts";
import { closedPort, http, https, pem, tcp } from "./servers.ts";

const SAP = "https://sap.invalid";
const CREDENTIALS = "canary-user:canary%2Dpassword";
/** Long enough for loopback, short enough for a test. */
const connectTimeout = 1_000;

async function failure(url: string, options: NetworkOptions): Promise<ApiError> {
  const network = createNetwork({ connectTimeout, ...options });
  onTestFinished(() => network.close());
  const error = await rejection(send(network, { url, method: "GET", headers: {} }), ApiError);
  const everything = `${error.message} ${error.hint} ${error.stack} ${(error.cause as Error).stack}`;
  expect(everything).not.toContain("canary");
  return error;
}

interface Row {
  proxy: Parameters<typeof connectProxy>[0];
  credentials?: string;
  status?: number;
  says: RegExp;
  hint: RegExp;
}

const REFUSALS: Record<string, Row> = {
  "407 without credentials": {
    proxy: { refuse: 407 },
    says: /^The proxy http:\/\/127\.0\.0\.1:\d+ refused the connection to sap\.invalid \(407\); it wants a user and a password\.$/,
    hint: /%40/,
  },
  "407 in spite of them": {
    proxy: { refuse: 407, headers: ["proxy-authenticate: NTLM", 'proxy-authenticate: Basic realm="x"'] },
    credentials: CREDENTIALS,
    says: /http:\/\/\*\*\*@127\.0\.0\.1:\d+ refused .* \(407\); it does not accept the user and password in its URL\.$/,
    hint: /%40/,
  },
  "407 that wants what we do not speak": {
    proxy: { refuse: 407, headers: ["proxy-authenticate: Negotiate", "proxy-authenticate: NTLM"] },
    credentials: CREDENTIALS,
    says: /\(407\); it wants Negotiate, NTLM, and aicore speaks Basic\.$/,
    hint: /cntlm/,
  },
  "403": {
    proxy: { refuse: 403 },
    credentials: CREDENTIALS,
    says: /^The proxy http:\/\/\*\*\*@127\.0\.0\.1:\d+ refused the connection to sap\.invalid \(403\)\.$/,
    hint: /allow this host/,
  },
  "a redirect": {
    proxy: { refuse: 302, headers: ["location: http://login.invalid/"] },
    says: /\(302\)\.$/,
    hint: /./,
  },
  "502, as when the host is not there": { proxy: { refuse: 502 }, says: /\(502\)\.$/, hint: /./ },
  "an end in place of an answer": {
    proxy: { say: "" },
    says: /^The connection to the proxy \S+ broke /,
    hint: /HTTPS_PROXY/,
  },
  "an answer that is no HTTP": {
    proxy: { say: "SSH-2.0-hello\r\n\r\n" },
    says: /^The proxy \S+ sent an answer that is not valid HTTP\.$/,
    hint: /HTTPS_PROXY/,
  },
  silence: {
    proxy: "silence",
    credentials: CREDENTIALS,
    status: 504,
    says: /^The proxy http:\/\/\*\*\*@127\.0\.0\.1:\d+ did not open a connection to sap\.invalid in time\.$/,
    hint: /HTTPS_PROXY/,
  },
};

test.each(Object.entries(REFUSALS))(
  "F13: a proxy that answers CONNECT with %s is asked once and named",
  async (_name, row) => {
    const proxy = await connectProxy(row.proxy);
    const error = await failure(SAP, { httpsProxy: proxy.url(row.credentials) });
    expect(error).toMatchObject({
      status: row.status ?? 502,
      reason: "proxy_error",
      message: expect.stringMatching(row.says),
      hint: expect.stringMatching(row.hint),
    });
    expect(proxy.connections).toBe(1);
  },
);

const UNREACHABLE: Record<
  string,
  { proxy: () => Promise<string>; status?: number; says: RegExp; hint?: RegExp }
> = {
  "is not there": {
    proxy: async () => `http://${CREDENTIALS}@127.0.0.1:${await closedPort()}`,
    says: /^Cannot reach the proxy http:\/\/\*\*\*@127\.0\.0\.1:\d+: connection refused\.$/,
  },
  "has no such name": {
    proxy: async () => `http://${CREDENTIALS}@proxy.corp.invalid:8080`,
    says: /^Cannot find the proxy http:\/\/\*\*\*@proxy\.corp\.invalid:8080: the name does not resolve\.$/,
  },
  "accepts and never speaks": {
    proxy: async () => `http://${CREDENTIALS}@127.0.0.1:${await tcp((socket) => void socket.resume())}`,
    status: 504,
    says: /^The proxy http:\/\/\*\*\*@127\.0\.0\.1:\d+ did not open a connection to sap\.invalid in time\.$/,
  },
  "should speak TLS and never does": {
    proxy: async () => `https://127.0.0.1:${await tcp((socket) => void socket.resume())}`,
    status: 504,
    says: /did not open a connection to sap\.invalid in time\.$/,
  },
  "should speak TLS and speaks HTTP": {
    proxy: async () => (await connectProxy({ refuse: 403 })).url().replace("http:", "https:"),
    says: /^The proxy https:\/\/127\.0\.0\.1:\d+ did not answer with TLS\.$/,
  },
  "is not trusted": {
    proxy: async () => (await connectProxy({ refuse: 403 }, "server")).url(),
    says: /^The TLS certificate of the proxy https:\/\/127\.0\.0\.1:\d+ is not trusted\.$/,
    hint: /NODE_EXTRA_CA_CERTS/,
  },
  "has another name": {
    proxy: async () => (await connectProxy({ refuse: 403 }, "other-host")).url(),
    says: /^The TLS certificate of the proxy https:\/\/127\.0\.0\.1:\d+ is for another host\.$/,
    hint: /NODE_EXTRA_CA_CERTS/,
  },
};

test.each(Object.entries(UNREACHABLE))(
  "F13: a proxy that %s is named, not the host behind it",
  async (_name, row) => {
    const error = await failure(SAP, { httpsProxy: await row.proxy(), extraCa: [pem("other-host")] });
    expect(error).toMatchObject({
      status: row.status ?? 502,
      reason: "proxy_error",
      message: expect.stringMatching(row.says),
      hint: expect.stringMatching(row.hint ?? /^Check HTTPS_PROXY\.$/),
    });
  },
);

const secure = (name: string) => https(name, (_, response) => response.end("ok"), "leaf-key");

interface HostFault {
  /** A port on loopback where something listens that should be SAP. */
  port: () => Promise<number>;
  status?: number;
  reason: string;
  says: RegExp;
  hint?: RegExp;
}

const HOSTS: Record<string, HostFault> = {
  "F3: a host that never answers": {
    port: () => tcp((socket) => void socket.resume()),
    status: 504,
    reason: "timeout",
    says: /did not accept a connection in time\.$/,
    hint: /VPN/,
  },
  "F10: plain HTTP": {
    port: () => http((_, response) => response.end()),
    reason: "tls_error",
    says: /did not answer with TLS\.$/,
  },
  "F11: an unknown authority": {
    port: () => https("client", (_, response) => response.end("ok")),
    reason: "tls_error",
    says: /^The TLS certificate of \S+ is not trusted\.$/,
    hint: /NODE_EXTRA_CA_CERTS.*tls\.caFile/,
  },
  "F12: an expired certificate": {
    port: () => secure("sap-expired"),
    reason: "tls_error",
    says: /^The TLS certificate of \S+ has expired\.$/,
  },
  "F12: another host's certificate": {
    port: () => secure("elsewhere"),
    reason: "tls_error",
    says: /^The TLS certificate of \S+ is for another host\.$/,
  },
  "a firewall that cuts the handshake": {
    port: () => tcp((socket) => void socket.once("data", () => socket.end())),
    reason: "connection_reset",
    says: /^The connection to \S+ was cut while TLS was set up\.$/,
    hint: /HTTPS_PROXY/,
  },
};
const extraCa = [pem("ca")];

test.each(Object.entries(HOSTS))("%s, called directly", async (_name, row) => {
  const error = await failure(`https://127.0.0.1:${await row.port()}`, { extraCa });
  expect(error).toMatchObject(told(row));
});

test.each(Object.entries(HOSTS))("%s, through a proxy that is not to blame", async (_name, row) => {
  const proxy = await connectProxy({ tunnel: await row.port() });
  const error = await failure(SAP, { httpsProxy: proxy.url(CREDENTIALS), extraCa });
  expect(error).toMatchObject(told(row));
  expect(error.message).toContain("sap.invalid");
  expect(proxy.connections).toBe(1);
});

function told({ status = 502, reason, says, hint = /^/ }: HostFault) {
  return {
    status,
    reason,
    message: expect.stringMatching(says),
    ...(hint.source !== "^" && { hint: expect.stringMatching(hint) }),
  };
}
