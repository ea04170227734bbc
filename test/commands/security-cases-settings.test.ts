/** Settings files and variables that are not as they should be. */
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { CANARY, checkSecurityCases, type SecurityCase } from "./security-case.ts";
import type { World } from "./world.ts";

const settingsOf = (world: World) => join(world.home, "config", "config.json");

function settings(content: unknown, mode = 0o600) {
  return (world: World) => {
    mkdirSync(join(world.home, "config"), { mode: 0o700 });
    writeFileSync(settingsOf(world), typeof content === "string" ? content : JSON.stringify(content), {
      mode,
    });
    chmodSync(settingsOf(world), mode);
  };
}

const broken = (id: string, name: string, content: unknown, says: RegExp): SecurityCase => ({
  id,
  name,
  args: "serve --port 0",
  loggedIn: true,
  prepare: settings(content),
  code: 3,
  says,
  check: (world) =>
    expect(readFileSync(settingsOf(world), "utf8")).toBe(
      typeof content === "string" ? content : JSON.stringify(content),
    ),
});
const network = (id: string, name: string, env: SecurityCase["env"], says: RegExp): SecurityCase => ({
  id,
  name,
  args: "status",
  loggedIn: true,
  ...(env && { env }),
  code: 3,
  says,
});

const CASES: SecurityCase[] = [
  broken(
    "G1",
    "a file that is not JSON",
    '{\n  "server": {\n    port: 1\n',
    /^Error: config\.json line 3, column \d+: .*file left unchanged/,
  ),
  broken(
    "G1",
    "a file that is no object",
    "[1]",
    /^Error: config\.json .*not a JSON object; file left unchanged/,
  ),
  {
    id: "G2",
    name: "an unknown name",
    args: "status",
    loggedIn: true,
    prepare: settings({ server: { prot: 7000 } }),
    code: 0,
    says: /^Warning: config\.json: unknown setting "server\.prot"; did you mean "server\.port"\?/m,
    prints: /^Profile/,
  },
  broken(
    "G3",
    "a wrong type",
    { server: { port: "abc" } },
    /^Error: server\.port: expected 1–65535, got "abc"/,
  ),
  broken(
    "G3",
    "out of range",
    { server: { port: 65_536 } },
    /^Error: server\.port: expected 1–65535, got 65536/,
  ),
  broken(
    "G4",
    "a file of a later version",
    { version: 3 },
    /^Error: config\.json was created by aicore 3\.x/,
  ),
  {
    id: "G5",
    name: "a symbolic link",
    args: "status",
    loggedIn: true,
    prepare: (world) => {
      mkdirSync(join(world.home, "config"), { mode: 0o700 });
      symlinkSync("/etc/hostname", settingsOf(world));
    },
    code: 3,
    says: /config\.json is a symbolic link; refusing to use it/,
  },
  {
    id: "G5",
    name: "a file that others may change",
    args: "status",
    loggedIn: true,
    prepare: settings({}, 0o666),
    code: 3,
    says: /config\.json can be changed by others \(mode 0666\); refusing to use it/,
  },
  {
    id: "G6",
    name: "eight processes that write at once: the file is whole",
    args: "--profile last login KEY --insecure-storage --no-verify",
    prepare: async (world) => {
      const names = Array.from({ length: 8 }, (_, at) => `p${at}`);
      await Promise.all(
        names.map((name) =>
          world.run(`--profile ${name} login ${world.keyFile} --insecure-storage --no-verify`),
        ),
      );
    },
    code: 0,
    says: /UNENCRYPTED/,
    prints: /^Logged in: profile "last"/,
    check: (world) => {
      const { profiles, currentProfile } = JSON.parse(readFileSync(settingsOf(world), "utf8"));
      expect(currentProfile).toBe("last");
      expect(Object.keys(profiles)).toContain("last");
    },
  },
  {
    id: "G7",
    name: "the password of a database in the environment is never shown",
    args: "-v status",
    loggedIn: true,
    env: { DATABASE_URL: `postgres://u:${CANARY}@127.0.0.1:1/none` },
    code: 0,
    says: /^/,
    prints: /^Profile/,
  },
  network(
    "G8",
    "HTTPS_PROXY that is no URL",
    { HTTPS_PROXY: "not a proxy" },
    /^Error: HTTPS_PROXY: only http:\/\/ and https:\/\/ proxies/,
  ),
  network(
    "G8",
    "a SOCKS proxy",
    { HTTPS_PROXY: `socks5://u:${CANARY}@127.0.0.1:1080` },
    /^Error: HTTPS_PROXY: only http:/,
  ),
  network(
    "G9",
    "NODE_EXTRA_CA_CERTS without a file",
    { NODE_EXTRA_CA_CERTS: "/no/such.pem" },
    /^Error: NODE_EXTRA_CA_CERTS: cannot read \/no\/such\.pem/m,
  ),
  {
    ...network(
      "G9",
      "tls.caFile that is no PEM",
      undefined,
      /^Error: tls\.caFile: .* holds no PEM certificate/,
    ),
    prepare: (world) => {
      writeFileSync(join(world.home, "ca.pem"), "junk");
      settings({ tls: { caFile: join(world.home, "ca.pem") } })(world);
    },
  },
  {
    id: "G10",
    name: "an empty variable counts as unset, and is told",
    args: "status",
    env: { AICORE_SERVICE_KEY: "" },
    prepare: (world) => world.run(`login ${world.keyFile} --insecure-storage`),
    code: 0,
    says: /Warning: AICORE_SERVICE_KEY is set but empty; it counts as unset\./,
    prints: /^Profile +default/,
  },
  {
    id: "G10",
    name: "with nothing else there nobody is logged in",
    args: "status",
    env: { AICORE_SERVICE_KEY: "" },
    code: 4,
    says: /^Error: No SAP AI Core credentials found/,
  },
];

checkSecurityCases("G", 10, CASES);
