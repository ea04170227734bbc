import { expect, test } from "vitest";
import { checkKeyUrl } from "../../src/config/key/hosts.ts";
import { failureOf } from "./home.ts";

test.each([
  "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com",
  "https://x.authentication.eu10.hana.ondemand.com",
  "https://x.accounts.ondemand.com",
  "https://api.cloud.sap",
  "https://x.authentication.cn40.platform.sapcloud.cn",
  "http://127.0.0.1:4711",
  "http://localhost:1",
  "http://[::1]:8080/prefix",
  "https://localhost",
])("%s is a host for secrets", (url) => {
  expect(checkKeyUrl(url, "url")).toBe(url);
});

test.each<[url: string, message: RegExp]>([
  ["http://api.ai.prod.aws.ml.hana.ondemand.com", /must start with https/],
  ["https://evil.com", /evil\.com is not a host of SAP AI Core/],
  ["https://hana.ondemand.com.evil.com", /is not a host/],
  ["https://evilondemand.com", /is not a host/],
  ["https://sap.evil.com", /is not a host/],
  ["https://thief.cfapps.eu10.hana.ondemand.com", /is not a host/],
  ["https://user:pass@x.hana.ondemand.com", /user or a password/],
  ["https://x.hana.ondemand.com@evil.com", /user or a password/],
  ["https://evil.com#.hana.ondemand.com", /"#" or "\?"/],
  ["https://x.hana.ondemand.com/?a=1", /"#" or "\?"/],
  ["https://evil.com\\.hana.ondemand.com", /is not an https:\/\/ URL/],
  ["https://10.0.0.1", /must name a host, not an address/],
  ["https://[fe80::1]", /must name a host, not an address/],
  ["https://0x0a000001", /must name a host, not an address/],
  ["http://0.0.0.0:80", /must start with https/],
  ["https://127.0.0.1.nip.io", /is not a host/],
  ["https://localhost.evil.com", /is not a host/],
  ["ftp://x.hana.ondemand.com", /is not an https/],
  ["x.hana.ondemand.com", /is not an https/],
  ["", /is not an https/],
])("KF7 %s is refused, with exit code 4", async (url, message) => {
  const failure = await failureOf(() => checkKeyUrl(url, "url"));
  expect(failure).toMatchObject({ exitCode: 4, message: expect.stringMatching(message) });
  expect(failure.message).toMatch(/^url/);
  expect(failure.message).not.toContain("pass@");
});

test.each<[url: string, allowed: string, ok: boolean]>([
  ["https://ai.corp.example", "corp.example", true],
  ["https://ai.corp.example", ".corp.example", true],
  ["https://ai.corp.example", "*.CORP.example", true],
  ["https://corp.example", "corp.example", true],
  ["https://evilcorp.example", "corp.example", false],
  ["https://ai.corp.example", "", false],
  ["http://ai.corp.example", "corp.example", false],
  ["https://10.0.0.1", "10.0.0.1", false],
])("%s with --allow-host %s: %s", (url, allowed, ok) => {
  const run = () => checkKeyUrl(url, "url", [allowed]);
  if (ok) expect(run()).toBe(url);
  else expect(run).toThrow();
});
