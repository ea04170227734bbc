import { describe, expect, test } from "vitest";
import { addressesOf, isLoopback } from "../../src/proxy/guard/addresses.ts";
import { createFailureLimiter } from "../../src/proxy/guard/limiter.ts";
import { canonicalPath } from "../../src/proxy/paths.ts";

describe("the names of a server", () => {
  test.each([
    ["127.0.0.1", "127.0.0.1:80", true],
    ["127.0.0.1", "127.0.0.1", true],
    ["127.0.0.1", "192.168.1.5", false],
    ["192.168.1.5", "192.168.1.5", true],
    ["192.168.1.5", "192.168.1.6", false],
    ["::1", "[::1]", true],
    ["fd00::5", "[FD00::5]:80", true],
    ["0.0.0.0", "192.168.1.5", true],
    ["0.0.0.0", "[fd00::5]", true],
    ["0.0.0.0", "0.0.0.0", false],
    ["0.0.0.0", "[::]", false],
    ["0.0.0.0", "192.168.1.5.nip.io", false],
    ["0.0.0.0", "build.example.com", true],
    ["0.0.0.0", "evil.example.com", false],
    ["::", "10.0.0.1:81", false],
  ])("bound to %s: %s → %s", (bound, host, expected) => {
    const addresses = addressesOf(bound, 80, ["Build.example.com"]);
    expect(addresses.allowsHost(host)).toBe(expected);
    expect(addresses.allowsOrigin(`http://${host}`)).toBe(expected);
    expect(addresses.allowsOrigin(host)).toBe(false);
  });

  test.each([
    ["127.0.0.1", true],
    ["127.9.9.9", true],
    ["localhost", true],
    ["::1", true],
    ["[::1]", true],
    ["0.0.0.0", false],
    ["::", false],
    ["127.0.0.1.nip.io", false],
    ["192.168.0.1", false],
  ])("%s is loopback: %s", (host, expected) => expect(isLoopback(host)).toBe(expected));
});

test("wrong keys are counted by address, for a minute", () => {
  let now = 0;
  const limiter = createFailureLimiter(() => now);
  const outcomes = Array.from({ length: 101 }, () => limiter.fail("a"));
  expect(outcomes.slice(0, 100)).toEqual(Array(100).fill(undefined));
  expect(outcomes[100]).toBe(60);
  now = 30_000;
  expect(limiter.fail("a")).toBe(30);
  expect(limiter.fail("b")).toBeUndefined();
  now = 60_000;
  expect(limiter.fail("a")).toBeUndefined();
});

test.each([
  ["/", "/"],
  ["", "/"],
  ["/v1/messages?beta=true", "/v1/messages"],
  ["/v1/messages#x?y", "/v1/messages"],
  ["/anthropic", "/"],
  ["/anthropic?x", "/"],
  ["/anthropic/", "/"],
  ["/anthropic/v1/messages", "/v1/messages"],
  ["/openai/v1/v1/models", "/v1/models"],
  ["/v1/v1/v1/messages", "/v1/messages"],
  ["/v1/v1beta/models", "/v1beta/models"],
  ["/v1beta1/publishers/google/models/m:generateContent", "/v1beta/models/m:generateContent"],
  ["/v1/projects/p/locations/l/publishers/google/models/m:countTokens", "/v1beta/models/m:countTokens"],
  ["/gemini/v1beta/models", "/v1beta/models"],
  ["/v1/health", "/v1/health"],
  ["/openaix/v1/models", "/openaix/v1/models"],
  ["/openai/anthropic/v1/models", "/anthropic/v1/models"],
  ["/v1", "/v1"],
])("%j is routed as %j", (target, path) => expect(canonicalPath(target)).toBe(path));
