import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkNetworkEnvironment } from "../../src/config/network.ts";
import { failureOf, fixture, temporaryFolder } from "./home.ts";

const CA = fixture("certificate.pem");

function file(content: string): string {
  const path = join(temporaryFolder(), "ca.pem");
  writeFileSync(path, content);
  return path;
}

test.each<[env: NodeJS.ProcessEnv, checked: object]>([
  [{}, {}],
  [{ HTTPS_PROXY: "", http_proxy: " " }, {}],
  [
    { HTTPS_PROXY: "http://proxy:3128", NO_PROXY: ".corp" },
    { httpsProxy: "http://proxy:3128", noProxy: ".corp" },
  ],
  [{ HTTP_PROXY: "https://u:p@proxy" }, { httpProxy: "https://u:p@proxy" }],
  [{ https_proxy: "http://lower:1", HTTPS_PROXY: "http://upper:1" }, { httpsProxy: "http://lower:1" }],
  [{ HTTPS_PROXY: "http://me:p@ss@proxy/" }, { httpsProxy: "http://me:p@ss@proxy/" }],
  [
    { no_proxy: "a", NO_PROXY: "b", http_proxy: "http://p" },
    { noProxy: "a", httpProxy: "http://p" },
  ],
  [{ HTTPS_PROXY: "proxy.corp:8080" }, { httpsProxy: "http://proxy.corp:8080" }],
  [{ NODE_TLS_REJECT_UNAUTHORIZED: "1" }, {}],
])("%o is read as %o", (env, checked) => {
  expect(checkNetworkEnvironment(env)).toEqual(checked);
});

describe("G8 a proxy that is none: exit code 3", () => {
  test.each([
    "socks5://proxy:1080",
    "garbage",
    "http://",
    "http:///x",
    "ftp://p",
    "http://a b",
    "https//proxy",
  ])("%s", async (value) => {
    expect(await failureOf(() => checkNetworkEnvironment({ HTTPS_PROXY: value }))).toMatchObject({
      exitCode: 3,
      message: "HTTPS_PROXY: only http:// and https:// proxies are supported",
    });
  });

  test.each(["http://me:12/canary@proxy:8080", "http://me:can#ary@proxy", "https://me:8080?canary@proxy"])(
    "%s would send half of a password to a host of that name",
    async (value) => {
      const failure = await failureOf(() => checkNetworkEnvironment({ HTTPS_PROXY: value }));
      expect(failure).toMatchObject({
        exitCode: 3,
        message: expect.stringMatching(/^HTTPS_PROXY: the user/),
      });
      expect(failure.hint).toContain("%2F");
      expect(`${failure.message}${failure.hint}`).not.toMatch(/canary|can#ary/);
    },
  );

  test("the variable is named as it was spelled, its value is not shown", async () => {
    const failure = await failureOf(() =>
      checkNetworkEnvironment({ http_proxy: "socks://user:canary@proxy" }),
    );
    expect(failure.message).toMatch(/^http_proxy: /);
    expect(`${failure.message}${failure.hint}`).not.toContain("canary");
  });
});

describe("G9 certificate authorities", () => {
  test("of the variable and of the setting are both read", () => {
    const [one, two] = [file(CA), file(`# corporate\n${CA}\n${CA}`)];
    expect(checkNetworkEnvironment({ NODE_EXTRA_CA_CERTS: one }, two).extraCa).toEqual([
      CA,
      `# corporate\n${CA}\n${CA}`,
    ]);
  });

  test.each<[name: string, path: () => string, message: RegExp]>([
    ["missing", () => join(temporaryFolder(), "none.pem"), /cannot read .*none\.pem$/],
    ["a folder", () => temporaryFolder(), /cannot read /],
    ["no PEM", () => file("not pem"), /holds no PEM certificate$/],
    ["a private key", () => file(fixture("key.pem")), /holds no PEM certificate$/],
    [
      "damaged",
      () => file(`${CA}\n${CA.replace("MII", "AAA")}`),
      /is damaged: certificate 2 is not valid PEM$/,
    ],
  ])("%s: exit code 3 in both", async (_name, path, message) => {
    for (const [name, run] of [
      ["NODE_EXTRA_CA_CERTS", () => checkNetworkEnvironment({ NODE_EXTRA_CA_CERTS: path() })],
      ["tls.caFile", () => checkNetworkEnvironment({}, path())],
    ] as const) {
      const failure = await failureOf(run);
      expect(failure).toMatchObject({ exitCode: 3, message: expect.stringMatching(message) });
      expect(failure.message).toMatch(new RegExp(`^${name}: `));
    }
  });
});

test("T27 checks of certificates that are switched off are refused", async () => {
  expect(await failureOf(() => checkNetworkEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }))).toMatchObject(
    {
      exitCode: 3,
      message: expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED=0 /),
    },
  );
});
