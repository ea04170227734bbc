/** Service keys as people have them. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { fixture } from "../config/home.ts";
import { CANARY, checkSecurityCases, type SecurityCase } from "./security-case.ts";
import type { World } from "./world.ts";

const PLAIN = "--insecure-storage";
const LOGIN = `login KEY ${PLAIN}`;
const IS_ROOT = process.getuid?.() === 0;
const HAS_FIFO = spawnSync("mkfifo", ["--version"]).status === 0;

const savedNothing = (world: World) =>
  expect(existsSync(join(world.home, "config", "config.json"))).toBe(false);
const write = (content: string | Uint8Array) => (world: World) => writeFileSync(world.keyFile, content);
/** The working key with fields changed; undefined takes one away. */
const change = (fields: Record<string, unknown>) => (world: World) =>
  writeFileSync(world.keyFile, JSON.stringify({ ...world.sandbox.serviceKey, ...fields }));
const wrap = (form: (key: unknown) => string) => (world: World) =>
  writeFileSync(world.keyFile, form(world.sandbox.serviceKey));

const refused = (id: string, name: string, prepare: SecurityCase["prepare"], says: RegExp): SecurityCase => ({
  id,
  name,
  args: LOGIN,
  ...(prepare && { prepare }),
  code: 4,
  says,
  check: savedNothing,
});
const accepted = (
  id: string,
  name: string,
  prepare: SecurityCase["prepare"],
  says = /UNENCRYPTED/,
): SecurityCase => ({
  id,
  name,
  args: LOGIN,
  ...(prepare && { prepare }),
  code: 0,
  says,
  prints: /^Logged in: profile "default"/,
});

const X509 = {
  clientsecret: undefined,
  "credential-type": "x509",
  certificate: fixture("certificate.pem"),
  key: fixture("key.pem"),
};
const elsewhere = (url: string) => change({ url, serviceurls: { AI_API_URL: url } });

const CASES: SecurityCase[] = [
  {
    ...refused("KF1", "a file that is missing", undefined, /^Error: Cannot read .*none\.json: not found/),
    args: `login HOME/none.json ${PLAIN}`,
  },
  { ...refused("KF1", "a folder", undefined, /is a directory/), args: `login HOME ${PLAIN}` },
  {
    ...refused("KF1", "a file without the right to it", (world) => chmodSync(world.keyFile, 0), /permission/),
    skip: IS_ROOT,
  },
  refused("KF2", "an empty file", write(""), /^Error: .*(empty|not valid JSON|no JSON)/i),
  refused("KF2", "not JSON", write(`{"clientid": ${CANARY}}`), /line 1, column/),
  refused("KF2", "JSON with comments", write(`// mine\n{"clientid": "${CANARY}",}`), /line \d+, column/),
  refused(
    "KF2",
    "UTF-16",
    (world) => {
      const text = `\ufeff${JSON.stringify(world.sandbox.serviceKey)}`;
      writeFileSync(world.keyFile, Buffer.from(text, "utf16le"));
    },
    /saved as UTF-16, save as UTF-8/,
  ),
  accepted(
    "KF2",
    "a byte order mark",
    wrap((key) => `\ufeff${JSON.stringify(key)}`),
  ),
  accepted(
    "KF3",
    "the wrapper of the BTP cockpit",
    wrap((credentials) => JSON.stringify({ credentials })),
  ),
  accepted(
    "KF3",
    "VCAP_SERVICES",
    wrap((credentials) => JSON.stringify({ aicore: [{ label: "aicore", credentials }] })),
  ),
  accepted(
    "KF3",
    "the output of cf service-key",
    wrap(
      (key) =>
        `Getting key k for service instance ai as u@example.com...\n\n${JSON.stringify(key, null, 2)}\n`,
    ),
  ),
  refused(
    "KF4",
    "a key without its fields",
    change({ clientsecret: undefined, serviceurls: undefined }),
    /^Error: Service key is missing: clientsecret, serviceurls\.AI_API_URL\. Is this an SAP AI Core key\?/,
  ),
  refused(
    "KF5",
    "a key of XSUAA",
    change({ serviceurls: undefined, xsappname: "x", clientsecret: CANARY }),
    /looks like a 'xsuaa' key/,
  ),
  refused(
    "KF5",
    "a key of HANA",
    write(JSON.stringify({ driver: "com.sap.db", schema: "S", password: CANARY })),
    /looks like a 'hana' key/,
  ),
  {
    ...accepted("KF6", "a key with a certificate", (world) =>
      change({ ...X509, certurl: world.sandbox.serviceKey.url })(world),
    ),
    args: `${LOGIN} --no-verify`,
  },
  refused(
    "KF6",
    "a certificate that is not PEM",
    (world) => change({ ...X509, certificate: CANARY, certurl: world.sandbox.serviceKey.url })(world),
    /certificate is not valid PEM/,
  ),
  refused(
    "KF6",
    "a certificate that has expired",
    (world) =>
      change({
        ...X509,
        certificate: fixture("expired-certificate.pem"),
        certurl: world.sandbox.serviceKey.url,
      })(world),
    /certificate expired on 2024-01-08/,
  ),
  refused(
    "KF7",
    "http",
    elsewhere("http://t.authentication.eu10.hana.ondemand.com"),
    /must start with https/,
  ),
  refused(
    "KF7",
    "a URL with a password",
    elsewhere(`https://u:${CANARY}@t.hana.ondemand.com`),
    /must not contain a user or a password/,
  ),
  refused(
    "KF7",
    "a URL with a fragment",
    elsewhere("https://t.hana.ondemand.com#x"),
    /must not contain "#" or "\?"/,
  ),
  refused(
    "KF7",
    "an address in place of a host",
    elsewhere("https://10.0.0.1"),
    /must name a host, not an address/,
  ),
  refused(
    "KF7",
    "a host that is not SAP's",
    elsewhere("https://evil.example"),
    /evil\.example is not a host of SAP/,
  ),
  accepted(
    "KF8",
    "spaces around the secret",
    (world) => change({ clientsecret: ` ${String(world.sandbox.serviceKey.clientsecret)}\n` })(world),
    /Warning: clientsecret had spaces or line breaks around it/,
  ),
  refused(
    "KF8",
    "typographic quotes",
    change({ clientsecret: `“${CANARY}”` }),
    /contains a typographic quote/,
  ),
  refused(
    "KF9",
    "a file of more than 64 kB",
    (world) => change({ more: "x".repeat(70_000) })(world),
    /64 kB/,
  ),
  {
    ...refused("KF9", "a file without an end", undefined, /64 kB/),
    args: `login /dev/zero ${PLAIN}`,
    skip: !existsSync("/dev/zero"),
  },
  {
    ...refused(
      "KF9",
      "a pipe that nobody writes to",
      (world) => spawnSync("mkfifo", [join(world.home, "pipe")]),
      /^Error: Service key is empty\./,
    ),
    args: `login HOME/pipe ${PLAIN}`,
    skip: !HAS_FIFO,
  },
  accepted(
    "KF10",
    "a file that others can read",
    (world) => chmodSync(world.keyFile, 0o644),
    /Warning: key\.json is readable by others; delete it after login/,
  ),
  {
    ...refused(
      "KF11",
      "a profile of another client",
      async (world) => {
        await world.run(LOGIN.replace("KEY", world.keyFile));
        change({ clientid: "sb-ffff-other-client-9999!b77|aicore!b540" })(world);
      },
      /belongs to another client .*\n.*--force/,
    ),
    code: 2,
    check: async (world) => {
      const { stdout } = await world.run("status --json");
      expect(JSON.parse(stdout)).toMatchObject({
        credentials: { client_id: "sb-…0000!b1234" },
        models: expect.any(Number),
      });
    },
  },
  {
    ...refused(
      "KF11",
      "a new key of the same client that does not work: the old one stays",
      async (world) => {
        await world.run(LOGIN.replace("KEY", world.keyFile));
        change({ clientsecret: CANARY })(world);
      },
      /SAP rejected these credentials/,
    ),
    check: async (world) => expect((await world.run("status")).code).toBe(0),
  },
  refused(
    "KF12",
    "a wrong secret",
    change({ clientsecret: CANARY }),
    /^Error: SAP rejected these credentials \(.*\)\.\nNothing was saved\./,
  ),
  {
    ...accepted("KF12", "a wrong secret that nobody tries", change({ clientsecret: CANARY })),
    args: `${LOGIN} --no-verify`,
  },
];

checkSecurityCases("KF", 12, CASES);
