/** Which way a call leaves the machine: corporate proxies, NO_PROXY, certificate authorities (security F11, F13, T28). */
import { createServer } from "node:https";
import { expect, onTestFinished, test } from "vitest";
import { createNetwork, type NetworkOptions } from "../../src/aicore/network.ts";
import { send } from "../../src/aicore/transport.ts";
import { ApiError } from "../../src/errors.ts";
import { connectProxy } from "../support/connect-proxy.ts";
import { rejection } from "./fake-sap.ts";
import { http, https, listen, pem } from "./servers.ts";

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
  const proxy = await connectProxy({ tunnel: await sap() });
  const answer = await get(SAP, { httpsProxy: proxy.url(), extraCa: EXTRA_CA });
  expect(await answer.body.text()).toBe("hello");
  expect([proxy.asked, proxy.credentials]).toEqual([["sap.invalid:443"], [undefined]]);
});

test("HTTP_PROXY serves where HTTPS_PROXY is not set, and never the other way", async () => {
  const proxy = await connectProxy({ tunnel: await sap() });
  const answer = await get(SAP, { httpProxy: proxy.url(), extraCa: EXTRA_CA });
  expect(answer.status).toBe(200);
  const direct = await rejection(get("http://sap.invalid", { httpsProxy: proxy.url() }), ApiError);
  expect(direct.reason).toBe("dns_error");
  expect(proxy.asked).toEqual(["sap.invalid:443"]);
});

test("http hosts are reached by CONNECT too, and so are other ports and addresses", async () => {
  const proxy = await connectProxy({ tunnel: await http((_, response) => response.end("plain")) });
  for (const host of ["sap.invalid", "sap.invalid:8080", "192.0.2.1", "[2001:db8::1]:81"]) {
    const answer = await get(`http://${host}/`, { httpProxy: proxy.url() });
    expect(await answer.body.text()).toBe("plain");
  }
  expect(proxy.asked).toEqual(["sap.invalid:80", "sap.invalid:8080", "192.0.2.1:80", "[2001:db8::1]:81"]);
});

test("a tunnel is kept for the next call", async () => {
  const proxy = await connectProxy({ tunnel: await sap() });
  const network = open({ httpsProxy: proxy.url(), extraCa: EXTRA_CA });
  for (let call = 0; call < 3; call++) {
    await (await send(network, { url: SAP, method: "GET", headers: {} })).body.text();
    await new Promise(setImmediate);
  }
  expect(proxy.connections).toBe(1);
});

const CREDENTIALS: [written: string, meant: string][] = [
  ["me:secret", "me:secret"],
  ["j%40x:p%3Aw", "j@x:p:w"],
  ["CORP%5Cme:pass%20word", "CORP\\me:pass word"],
  ["me:p@ss", "me:p@ss"],
  ["me:gr%C3%BC%C3%9Fe", "me:grüße"],
  ["me:100%sure", "me:100%sure"],
  ["me", "me:"],
  [":token", ":token"],
];

test.each(CREDENTIALS)("T28: the credentials %s in a proxy's URL are sent as %s", async (written, meant) => {
  const proxy = await connectProxy({ tunnel: await sap() });
  const options = { httpsProxy: proxy.url(written), extraCa: EXTRA_CA };
  expect((await get(SAP, options)).status).toBe(200);
  expect(proxy.credentials).toEqual([`Basic ${Buffer.from(meant).toString("base64")}`]);
  expect(open(options).proxyFor(new URL(SAP))).toBe(`http://***@127.0.0.1:${proxy.port}`);
});

test("HTTPS_PROXY and HTTP_PROXY keep their own credentials", async () => {
  const proxy = await connectProxy({ refuse: 403 });
  const options = { httpsProxy: proxy.url("one:1"), httpProxy: proxy.url("two:2") };
  await rejection(get(SAP, options), ApiError);
  await rejection(get("http://sap.invalid", options), ApiError);
  const sent = proxy.credentials.map((text = "") => Buffer.from(text.slice(6), "base64").toString());
  expect(sent).toEqual(["one:1", "two:2"]);
});

test.each(["127.0.0.1", "localhost"])("%s is never proxied", async (host) => {
  const proxy = await connectProxy({ refuse: 403 });
  const port = await http((_, response) => response.end("direct"));
  const options = { httpProxy: proxy.url(), httpsProxy: proxy.url() };
  const answer = await get(`http://${host}:${port}/`, options);
  expect(await answer.body.text()).toBe("direct");
  expect(open(options).proxyFor(new URL("https://[::1]:8443"))).toBe(undefined);
  expect(proxy.connections).toBe(0);
});

const NO_PROXY: [noProxy: string, url: string, proxied: boolean][] = [
  ["", "https://sap.invalid", true],
  ["other.invalid", "https://sap.invalid", true],
  ["sap.invalid", "https://sap.invalid", false],
  ["SAP.invalid", "https://sap.invalid", false],
  ["sap.invalid", "https://api.sap.invalid", false],
  [".invalid", "https://api.sap.invalid", false],
  [".sap.invalid", "https://sap.invalid", false],
  ["*.sap.invalid", "https://api.sap.invalid", false],
  ["ap.invalid", "https://sap.invalid", true],
  ["a.invalid, sap.invalid", "https://sap.invalid", false],
  ["a.invalid sap.invalid", "https://sap.invalid", false],
  [",, sap.invalid,", "https://sap.invalid", false],
  ["sap.invalid:8443", "https://sap.invalid", true],
  ["sap.invalid:443", "https://sap.invalid", false],
  ["sap.invalid:8443", "https://sap.invalid:8443", false],
  [".invalid:443", "https://sap.invalid", false],
  ["*", "https://sap.invalid", false],
  [" * ", "https://sap.invalid", false],
  ["a.invalid,*", "https://sap.invalid", false],
];

test.each(NO_PROXY)("NO_PROXY=%j and %s: proxied %s", async (noProxy, url, proxied) => {
  const proxy = await connectProxy({ refuse: 403 });
  const options = { httpsProxy: proxy.url(), noProxy };
  expect(open(options).proxyFor(new URL(url)) !== undefined).toBe(proxied);
  const error = await rejection(get(url, options), ApiError);
  expect(error.reason).toBe(proxied ? "proxy_error" : "dns_error");
  expect(proxy.asked.length).toBe(proxied ? 1 : 0);
});

test.each<[noProxy: string, proxied: boolean]>([
  ["192.0.2.1", false],
  ["192.0.2.1:443", false],
  ["192.0.2.0/24", true],
])("NO_PROXY=%s and the address 192.0.2.1: proxied %s (ranges are not read)", (noProxy, proxied) => {
  const network = open({ httpsProxy: "http://proxy.invalid", noProxy });
  expect(network.proxyFor(new URL("https://192.0.2.1")) !== undefined).toBe(proxied);
});

test("F11: own certificate authorities stand beside Node's", async () => {
  const port = await https("server", (_, response) => response.end("ok"));
  expect((await get(`https://127.0.0.1:${port}`, { extraCa: [pem("server")] })).status).toBe(200);
});

test("F11: a proxy that speaks TLS is trusted by the same authorities, and is shown no client certificate", async () => {
  const proxy = await connectProxy({ tunnel: await sap() }, "server");
  const network = open({ httpsProxy: proxy.url(), extraCa: [pem("server"), ...EXTRA_CA] });
  const certificate = { certificate: pem("client"), key: pem("client-key") };
  const answer = await send(network.withCertificate(certificate), { url: SAP, method: "GET", headers: {} });
  expect(await answer.body.text()).toBe("hello");
});

test("a client certificate goes to the host, through a proxy as well", async () => {
  const options = { cert: pem("other-host"), key: pem("other-host-key"), ca: pem("client") };
  const server = createServer({ ...options, requestCert: true }, (_, response) => response.end("known"));
  const proxy = await connectProxy({ tunnel: await listen(server) });
  const network = open({ httpsProxy: proxy.url(), extraCa: EXTRA_CA });
  const call = { url: SAP, method: "GET" as const, headers: {} };
  const child = network.withCertificate({ certificate: pem("client"), key: pem("client-key") });
  expect(await (await send(child, call)).body.text()).toBe("known");
  await rejection(
    send(network, call).then(({ body }) => body.text()),
    ApiError,
  );
});

test("after it was closed a network sends nothing, to no host", async () => {
  let hits = 0;
  const port = await http((_, response) => {
    hits++;
    response.end();
  });
  const network = createNetwork();
  await network.close();
  const call = { url: `http://127.0.0.1:${port}`, method: "GET" as const, headers: {} };
  await rejection(send(network, call), ApiError);
  expect(hits).toBe(0);
});
