/** The way out of the machine: corporate proxies and certificate authorities (security F11, F13). */
import { expect, onTestFinished, test } from "vitest";
import { createNetwork, type NetworkOptions } from "../../src/aicore/network.ts";
import { send } from "../../src/aicore/transport.ts";
import { ApiError } from "../../src/errors.ts";
import { rejection } from "./fake-sap.ts";
import { closedPort, connectProxy, http, https, pem } from "./servers.ts";

const SAP = "https://sap.invalid";
const EXTRA_CA = [pem("other-host")];

function open(options: NetworkOptions) {
  const network = createNetwork(options);
  onTestFinished(() => network.close());
  return network;
}

function get(url: string, options: NetworkOptions) {
  return send(open(options), { url, method: "GET", headers: {} });
}

const sap = () => https("other-host", (_, response) => response.end("hello"));

test("a call goes through HTTPS_PROXY, in a tunnel that the proxy cannot look into", async () => {
  const proxy = await connectProxy({ target: await sap() });
  const answer = await get(SAP, { httpsProxy: `http://127.0.0.1:${proxy.port}`, extraCa: EXTRA_CA });
  expect(await answer.body.text()).toBe("hello");
  expect([proxy.asked, proxy.credentials]).toEqual([["sap.invalid:443"], [undefined]]);
});

test("HTTP_PROXY serves where HTTPS_PROXY is not set", async () => {
  const proxy = await connectProxy({ target: await sap() });
  const answer = await get(SAP, { httpProxy: `http://127.0.0.1:${proxy.port}`, extraCa: EXTRA_CA });
  expect(answer.status).toBe(200);
});

test("credentials in the proxy's URL are sent to it, decoded", async () => {
  const proxy = await connectProxy({ target: await sap() });
  const httpsProxy = `http://j%40x:p%3Aw@127.0.0.1:${proxy.port}`;
  expect((await get(SAP, { httpsProxy, extraCa: EXTRA_CA })).status).toBe(200);
  expect(proxy.credentials).toEqual([`Basic ${Buffer.from("j@x:p:w").toString("base64")}`]);
});

test("the certificate is checked behind a proxy too", async () => {
  const proxy = await connectProxy({ target: await sap() });
  const error = await rejection(get(SAP, { httpsProxy: `http://127.0.0.1:${proxy.port}` }), ApiError);
  expect(error).toMatchObject({ reason: "tls_error", message: expect.stringContaining("sap.invalid") });
});

const REFUSALS: [status: number, message: RegExp][] = [
  [407, /refused the connection \(407\); it wants a user and a password\.$/],
  [403, /refused the connection \(403\)\.$/],
  [502, /refused the connection \(502\)\.$/],
];

test.each(REFUSALS)("F13 a proxy that answers %i is named, without its password", async (status, message) => {
  const proxy = await connectProxy({ refuse: status });
  const httpsProxy = `http://me:canary-password@127.0.0.1:${proxy.port}`;
  const error = await rejection(get(SAP, { httpsProxy }), ApiError);
  expect(error).toMatchObject({
    status: 502,
    reason: "proxy_error",
    message: expect.stringMatching(message),
  });
  expect(error.message).toContain(`http://***@127.0.0.1:${proxy.port}`);
  expect(error.hint).toContain("HTTPS_PROXY");
  expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain("canary");
});

test("F13 a proxy that is not there is named, not the host behind it", async () => {
  const port = await closedPort();
  const error = await rejection(get(SAP, { httpsProxy: `http://me:canary@127.0.0.1:${port}` }), ApiError);
  expect(error).toMatchObject({ status: 502, reason: "proxy_error" });
  expect(error.message).toBe(`Cannot reach the proxy http://***@127.0.0.1:${port}: connection refused.`);
});

test.each(["127.0.0.1", "localhost"])("%s is never proxied", async (host) => {
  const proxy = await connectProxy({ refuse: 403 });
  const port = await http((_, response) => response.end("direct"));
  const address = `http://127.0.0.1:${proxy.port}`;
  const answer = await get(`http://${host}:${port}/`, { httpProxy: address, httpsProxy: address });
  expect(await answer.body.text()).toBe("direct");
  expect(proxy.asked).toEqual([]);
});

/** `proxyFor` only names the culprit in messages: it must read NO_PROXY as the dispatcher does. */
const NO_PROXY: [noProxy: string, url: string, proxied: boolean][] = [
  ["", "https://sap.invalid", true],
  ["other.invalid", "https://sap.invalid", true],
  ["sap.invalid", "https://sap.invalid", false],
  ["SAP.invalid", "https://sap.invalid", false],
  [".invalid", "https://api.sap.invalid", false],
  ["*.sap.invalid", "https://api.sap.invalid", false],
  ["sap.invalid", "https://api.sap.invalid", false],
  ["ap.invalid", "https://sap.invalid", true],
  ["a.invalid, sap.invalid", "https://sap.invalid", false],
  ["a.invalid sap.invalid", "https://sap.invalid", false],
  ["sap.invalid:8443", "https://sap.invalid", true],
  ["sap.invalid:443", "https://sap.invalid", false],
  ["sap.invalid:8443", "https://sap.invalid:8443", false],
  ["*", "https://sap.invalid", false],
  [" * ", "https://sap.invalid", false],
];

test.each(NO_PROXY)("NO_PROXY=%j and %s: proxied %s", async (noProxy, url, proxied) => {
  const proxy = await connectProxy({ refuse: 403 });
  const options = { httpsProxy: `http://127.0.0.1:${proxy.port}`, noProxy };
  expect(open(options).proxyFor(new URL(url)) !== undefined).toBe(proxied);
  const error = await rejection(get(url, options), ApiError);
  expect(error.reason).toBe(proxied ? "proxy_error" : "dns_error");
  expect(proxy.asked.length).toBe(proxied ? 1 : 0);
});

test("own certificate authorities stand beside Node's", async () => {
  const port = await https("server", (_, response) => response.end("ok"));
  expect((await get(`https://127.0.0.1:${port}`, { extraCa: [pem("server")] })).status).toBe(200);
});

test("a proxy that speaks TLS is trusted by the same authorities", async () => {
  const proxy = await connectProxy({ target: await sap() }, "server");
  const httpsProxy = `https://127.0.0.1:${proxy.port}`;
  expect((await get(SAP, { httpsProxy, extraCa: [pem("server"), ...EXTRA_CA] })).status).toBe(200);
});
