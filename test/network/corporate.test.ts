/** The real program in a company network: a proxy that wants a password, and TLS of a private authority. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { pathsFor } from "../../src/config/paths.ts";
import { closedPort, pem } from "../aicore/servers.ts";
import { aicore, firstLine, start, temporaryFolder } from "../cli/run.ts";
import { MODELS } from "../support/default-tenant.ts";
import { checkStream } from "../support/grammar.ts";
import { ask } from "../support/questions.ts";
import { type Company, CREDENTIALS, company, SENT } from "./company.ts";

interface Desk extends Company {
  keyFile: string;
  /** With the proxy and the authority set. */
  env: NodeJS.ProcessEnv;
  run(args: string, env?: NodeJS.ProcessEnv): ReturnType<typeof aicore>;
}

async function desk(): Promise<Desk> {
  const place = await company();
  const folder = temporaryFolder();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const keyFile = file("key.json", JSON.stringify(place.sandbox.serviceKey));
  const env = {
    AICORE_CLI_HOME: temporaryFolder(),
    HTTPS_PROXY: place.gate.url(CREDENTIALS),
    NODE_EXTRA_CA_CERTS: file("ca.pem", pem("ca")),
  };
  return {
    ...place,
    keyFile,
    env,
    run: (args, more) => aicore(args.split(" "), { env: { ...env, ...more } }),
  };
}

const LOGIN = "--allow-host sap.invalid --insecure-storage";

/** What a user wrote, and whether we get out with it. */
const WAYS: [name: string, env: (desk: Desk) => NodeJS.ProcessEnv][] = [
  ["HTTPS_PROXY", ({ env }) => env],
  [
    "https_proxy, before an HTTPS_PROXY that leads nowhere",
    ({ env }) => ({ https_proxy: env.HTTPS_PROXY, HTTPS_PROXY: "http://127.0.0.1:1" }),
  ],
  ["HTTP_PROXY alone", ({ env }) => ({ HTTPS_PROXY: "", HTTP_PROXY: env.HTTPS_PROXY })],
  ["http_proxy alone", ({ env }) => ({ HTTPS_PROXY: "", http_proxy: env.HTTPS_PROXY })],
  ["a NO_PROXY for other hosts", () => ({ NO_PROXY: "other.invalid,.sap.invalid:1" })],
  ["a proxy without its scheme", ({ gate }) => ({ HTTPS_PROXY: `127.0.0.1:${gate.port}` })],
];

test.each(WAYS)("login by %s, through CONNECT for all calls", async (_name, envOf) => {
  const place = await desk();
  const { code, stderr } = await place.run(`login ${place.keyFile} ${LOGIN}`, envOf(place));
  expect(code, stderr).toBe(0);
  expect(new Set(place.gate.asked)).toEqual(new Set([`sap.invalid:${place.sandbox.port}`]));
  expect(place.sandbox.requests.length).toBeGreaterThan(1);
});

test("login, serve, a stream, status: all behind the proxy, its password nowhere to be seen", async () => {
  const place = await desk();
  const login = await place.run(`-v -v login ${place.keyFile} ${LOGIN}`);
  expect(login.code, login.stderr).toBe(0);
  const server = start(["-v", "-v", "--json", "serve", "--port", "0"], { env: place.env });
  const { url, models } = JSON.parse(await firstLine(server)) as { url: string; models: number };
  expect(models).toBe(MODELS.length);
  const shown = await place.run("env --shell json");
  const { ANTHROPIC_AUTH_TOKEN: key } = JSON.parse(shown.stdout) as Record<string, string>;
  const headers = { "content-type": "application/json", "x-api-key": String(key) };
  const post = async (stream: boolean) => {
    const body = JSON.stringify(ask("Say: hello", { stream }));
    const answer = await fetch(`${url}/v1/messages`, { method: "POST", headers, body });
    return { status: answer.status, text: await answer.text() };
  };
  expect(checkStream((await post(true)).text).complete).toBe(true);

  place.gate.manner = { refuse: 407 };
  await place.gate.cut();
  const refused = await post(false);
  expect(refused.status).toBe(502);
  expect(refused.text).toContain(`http://***@127.0.0.1:${place.gate.port} refused the connection`);

  const status = await place.run("-v -v status");
  expect(status.code, status.stderr).toBe(0);
  expect(status.stdout).toMatch(/\(407\); it does not accept the user and password in its URL/);
  server.kill("SIGTERM");
  const served = await server.result;
  for (const ran of [login, served, status, refused]) expect(JSON.stringify(ran)).not.toContain("canary");
  expect(new Set(place.gate.credentials)).toEqual(new Set([SENT]));
});

test("tls.caFile does the same as NODE_EXTRA_CA_CERTS, for us alone", async () => {
  const place = await desk();
  const { config } = pathsFor(place.env);
  mkdirSync(config, { recursive: true, mode: 0o700 });
  const settings = { tls: { caFile: place.env.NODE_EXTRA_CA_CERTS } };
  writeFileSync(join(config, "config.json"), JSON.stringify(settings), { mode: 0o600 });
  const { code, stderr } = await place.run(`login ${place.keyFile} ${LOGIN}`, { NODE_EXTRA_CA_CERTS: "" });
  expect(code, stderr).toBe(0);
});

describe("what keeps a login from working is said, and it is exit 5", () => {
  test.each<[name: string, env: (desk: Desk) => Promise<NodeJS.ProcessEnv>, says: RegExp]>([
    [
      "F2: no proxy set",
      async () => ({ HTTPS_PROXY: "" }),
      /Cannot find sap\.invalid:\d+: the name does not resolve\.\nCheck the network, the VPN and HTTPS_PROXY/,
    ],
    [
      "F2: the host is excepted by NO_PROXY",
      async () => ({ no_proxy: ".invalid" }),
      /Cannot find sap\.invalid:\d+: the name does not resolve\./,
    ],
    [
      "F11: the authority is not known",
      async () => ({ NODE_EXTRA_CA_CERTS: "" }),
      /The TLS certificate of sap\.invalid:\d+ is not trusted\.\nBehind a company proxy .* NODE_EXTRA_CA_CERTS \(or `tls\.caFile`\)/,
    ],
    [
      "F13: a wrong password",
      async ({ gate }) => {
        gate.manner = { refuse: 407, headers: ['proxy-authenticate: Basic realm="corp"'] };
        return {};
      },
      /The proxy http:\/\/\*\*\*@127\.0\.0\.1:\d+ refused .* \(407\); it does not accept the user and password in its URL\.\nHTTPS_PROXY takes both before its host.*%40/,
    ],
    [
      "F13: a proxy that is not there",
      async () => ({ HTTPS_PROXY: `http://${CREDENTIALS}@127.0.0.1:${await closedPort()}` }),
      /Cannot reach the proxy http:\/\/\*\*\*@127\.0\.0\.1:\d+: connection refused\.\nCheck HTTPS_PROXY\./,
    ],
  ])("%s", async (_name, envOf, says) => {
    const place = await desk();
    const { code, stdout, stderr } = await place.run(`login ${place.keyFile} ${LOGIN}`, await envOf(place));
    expect(stderr).toMatch(says);
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).not.toContain("canary");
    expect(place.sandbox.requests).toEqual([]);
  });
});

test("a sandbox on loopback over https is SAP enough: no flag, no proxy", async () => {
  const folder = temporaryFolder();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const [cert, key] = [file("cert.pem", pem("server")), file("key.pem", pem("server-key"))];
  const child = start(["sandbox", "--json", "--tls-cert", cert, "--tls-key", key]);
  onTestFinished(() => void child.kill());
  const { url, service_key } = JSON.parse(await firstLine(child)) as Record<string, string>;
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const env = { HTTPS_PROXY: "http://127.0.0.1:1", NODE_EXTRA_CA_CERTS: cert };
  const { code, stderr } = await aicore(["login", String(service_key), "--insecure-storage"], { env });
  expect(code, stderr).toBe(0);
});
