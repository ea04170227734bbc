import { expect, test } from "vitest";
import { CredentialsRefusedError } from "../../src/aicore/token-answer.ts";
import { ApiError } from "../../src/errors.ts";
import {
  FakeClock,
  fakeSap,
  grant,
  grantingSap,
  listeningLog,
  rejection,
  SECRET,
  TOKEN_PATH,
  tokenSourceOf,
} from "./fake-sap.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const LIFETIME = 43_199 * SECOND;

test("asks with the form spelling and no Authorization header", async () => {
  const sap = await grantingSap();
  expect(await tokenSourceOf(sap.url).get()).toBe("token-1");
  const [request] = sap.received;
  expect(request).toMatchObject({ method: "POST", path: TOKEN_PATH });
  expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  expect(request?.headers.authorization).toBeUndefined();
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    grant_type: "client_credentials",
    client_id: "sb-1!b2|aicore!b3",
    client_secret: SECRET,
  });
});

test("F17: a hundred who wait share one request", async () => {
  const sap = await grantingSap();
  const source = tokenSourceOf(sap.url);
  const tokens = await Promise.all(Array.from({ length: 100 }, () => source.get()));
  expect(new Set(tokens)).toEqual(new Set(["token-1"]));
  expect(sap.received).toHaveLength(1);
});

test("a failure is told to all who wait, and the next caller asks again", async () => {
  const sap = await fakeSap((_, nth) => (nth === 1 ? { text: "<html>login</html>" } : grant(nth)));
  const source = tokenSourceOf(sap.url);
  const outcomes = await Promise.allSettled([source.get(), source.get(), source.get()]);
  expect(new Set(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason)).size).toBe(1);
  expect(sap.received).toHaveLength(1);
  expect(await source.get()).toBe("token-2");
});

test.each([
  ["12 h: five minutes ahead", LIFETIME, 300 * SECOND],
  ["10 min: a tenth ahead", 600 * SECOND, 60 * SECOND],
])("renews ahead of the end, %s, while the old token still serves", async (_, lifetime, margin) => {
  const clock = new FakeClock();
  const sap = await fakeSap((_, nth) => grant(nth, lifetime / SECOND));
  const source = tokenSourceOf(sap.url, clock);
  await source.get();
  clock.pass(lifetime - margin - 1);
  expect(await source.get()).toBe("token-1");
  expect(sap.received).toHaveLength(1);
  clock.pass(1);
  expect(await source.get()).toBe("token-1");
  await expect.poll(() => source.get()).toBe("token-2");
  expect(sap.received).toHaveLength(2);
});

test("a renewal that fails leaves the old token, and is tried again half a minute later", async () => {
  const clock = new FakeClock();
  const { log, lines } = listeningLog();
  const sap = await fakeSap((_, nth) => (nth === 2 ? { status: 404, text: "gone" } : grant(nth)));
  const source = tokenSourceOf(sap.url, clock, log);
  await source.get();
  clock.pass(LIFETIME - 60 * SECOND);
  await source.get();
  await expect.poll(() => lines.join()).toContain("could not be renewed");
  for (let call = 0; call < 5; call++) expect(await source.get()).toBe("token-1");
  await fetch(`${sap.url}/after-all-of-these`);
  expect(sap.count(TOKEN_PATH)).toBe(2);
  clock.pass(30 * SECOND);
  await expect.poll(() => source.get()).toBe("token-3");
});

test("F51: after the machine slept through the token's life (monotonic clock stood still) a new one is asked for", async () => {
  const clock = new FakeClock();
  const sap = await grantingSap();
  const source = tokenSourceOf(sap.url, clock);
  await source.get();
  clock.wall += 13 * HOUR;
  expect(await source.get()).toBe("token-2");
});

test("F51: after a sleep of two hours the next request renews a token of one hour, once", async () => {
  const clock = new FakeClock();
  const sap = await fakeSap((_, nth) => grant(nth, HOUR / SECOND));
  const source = tokenSourceOf(sap.url, clock);
  await source.get();
  clock.wall += 2 * HOUR;
  expect(await Promise.all([source.get(), source.get()])).toEqual(["token-2", "token-2"]);
  expect(await source.get()).toBe("token-2");
  expect(sap.received).toHaveLength(2);
});

test.each<[jump: string, by: number, lifetime: number, asked: number]>([
  ["back, a token of 12 h", -HOUR, LIFETIME, 1],
  ["forward, a token of 12 h", HOUR, LIFETIME, 1],
  ["back, a token of 1 h", -HOUR, HOUR, 1],
  ["forward, a token of 1 h", HOUR, HOUR, 2],
])("F52: a clock set an hour %s, makes no loop of renewals", async (_, by, lifetime, asked) => {
  const clock = new FakeClock();
  const sap = await fakeSap((_, nth) => grant(nth, lifetime / SECOND));
  const source = tokenSourceOf(sap.url, clock);
  await source.get();
  clock.wall += by;
  for (let minute = 0; minute < 30; minute++) {
    expect(await source.get()).toBe(`token-${asked}`);
    clock.pass(60 * SECOND);
  }
  expect(sap.received).toHaveLength(asked);
});

test("F52: a clock set back does not keep a dead token, one set forward costs one renewal", async () => {
  const clock = new FakeClock();
  const sap = await grantingSap();
  const source = tokenSourceOf(sap.url, clock);
  await source.get();
  clock.wall -= HOUR;
  clock.pass(LIFETIME);
  expect(await source.get()).toBe("token-2");
  clock.wall += 24 * HOUR;
  expect(await source.get()).toBe("token-3");
  expect(await source.get()).toBe("token-3");
  expect(sap.received).toHaveLength(3);
});

test.each<[string, unknown, number]>([
  ["missing", undefined, 3_600],
  ["a word", "soon", 3_600],
  ["negative", -5, 3_600],
  ["a number in quotes", "7200", 7_200],
  ["absurdly long", 1e15, 86_400],
])("expires_in %s", async (_, expiresIn, seconds) => {
  const clock = new FakeClock();
  const sap = await fakeSap(() => ({ json: { access_token: "t", expires_in: expiresIn } }));
  const source = tokenSourceOf(sap.url, clock);
  expect(source.expiresAt).toBeUndefined();
  await source.get();
  expect(source.expiresAt).toEqual(new Date(clock.wall + seconds * SECOND));
});

test("invalidate drops the current token only", async () => {
  const sap = await grantingSap();
  const source = tokenSourceOf(sap.url);
  source.invalidate(await source.get());
  expect(await source.get()).toBe("token-2");
  source.invalidate("token-1");
  expect(await source.get()).toBe("token-2");
});

test("F14: refused credentials are not asked for again for 30 s, then by one probe", async () => {
  const clock = new FakeClock();
  const sap = await fakeSap((_, nth) =>
    nth === 1
      ? { status: 401, json: { error: "unauthorized", error_description: "Bad credentials" } }
      : grant(nth),
  );
  const source = tokenSourceOf(sap.url, clock);
  const error = await rejection(source.get(), CredentialsRefusedError);
  expect(error).toMatchObject({
    status: 401,
    type: "authentication_error",
    origin: "token",
    reason: "invalid_credentials",
    exitCode: 4,
    message: "SAP refused the credentials: unauthorized: Bad credentials",
  });
  expect(error.hint).toContain("aicore login");
  clock.pass(29 * SECOND);
  expect(await rejection(source.get(), CredentialsRefusedError)).toBe(error);
  expect(sap.received).toHaveLength(1);
  clock.pass(2 * SECOND);
  expect(await Promise.all([source.get(), source.get()])).toEqual(["token-2", "token-2"]);
  expect(sap.received).toHaveLength(2);
});

test.each([
  [429, 429],
  [503, 503],
])("F15: %i with Retry-After is kept to, for all callers", async (status) => {
  const clock = new FakeClock();
  const sap = await fakeSap((_, nth) =>
    nth === 1 ? { status, headers: { "retry-after": "20" } } : grant(nth),
  );
  const source = tokenSourceOf(sap.url, clock);
  const error = await rejection(source.get(), ApiError);
  expect(error).toMatchObject({ status: 503, type: "overloaded_error", origin: "token", retryAfter: 20 });
  clock.pass(19 * SECOND);
  expect(await rejection(source.get(), ApiError)).toBe(error);
  expect(sap.received).toHaveLength(1);
  clock.pass(2 * SECOND);
  expect(await source.get()).toBe("token-2");
});

test.each([
  ["a reset", { reset: true }],
  ["500", { status: 500, text: "oops" }],
  ["503 without Retry-After", { status: 503 }],
])("%s is tried again, three times in all", async (_, fault) => {
  const clock = new FakeClock();
  const sap = await fakeSap((_, nth) => (nth < 3 ? fault : grant(nth)));
  expect(await tokenSourceOf(sap.url, clock).get()).toBe("token-3");
  expect(clock.slept).toEqual([300, 600]);

  const down = await fakeSap(() => fault);
  const error = await rejection(tokenSourceOf(down.url).get(), ApiError);
  expect(error).toMatchObject({ status: 502, origin: "token" });
  expect(down.received).toHaveLength(3);
});

test.each([
  ["HTML", "<html><body>Log in</body></html>"],
  ["no token", '{"token_type":"bearer"}'],
  ["an empty token", '{"access_token":""}'],
  ["a token that forges a header", JSON.stringify({ access_token: "a\r\nx: y" })],
  ["an array", "[]"],
  ["nothing", ""],
])("F16: 200 with %s is a bad answer", async (_, text) => {
  const sap = await fakeSap(() => ({ text }));
  const error = await rejection(tokenSourceOf(sap.url).get(), ApiError);
  expect(error).toMatchObject({
    status: 502,
    type: "api_error",
    origin: "token",
    reason: "bad_token_answer",
  });
  expect(sap.received).toHaveLength(1);
});

test("F39: a redirect is not followed", async () => {
  const attacker = await grantingSap();
  const sap = await fakeSap(() => ({ status: 302, headers: { location: attacker.url + TOKEN_PATH } }));
  expect(await rejection(tokenSourceOf(sap.url).get(), ApiError)).toMatchObject({ status: 502 });
  expect(attacker.received).toHaveLength(0);
});

test("a wrong subdomain is told as such", async () => {
  const sap = await fakeSap(() => ({ status: 404, text: "404 Not Found: Requested route does not exist." }));
  const error = await rejection(tokenSourceOf(sap.url).get(), ApiError);
  expect(error).toMatchObject({ status: 502, origin: "token", reason: "token_url_wrong" });
  expect(error.hint).toContain("subdomain");
});

test("F1: an unreachable host keeps its reason and becomes the token's failure", async () => {
  const error = await rejection(tokenSourceOf("http://127.0.0.1:1").get(), ApiError);
  expect(error).toMatchObject({ status: 502, origin: "token", reason: "unreachable" });
  expect(error.message).toContain("127.0.0.1:1");
});

test("a secret that the token service echoes is not repeated", async () => {
  const echo = `client_secret=${SECRET}; token abc123; Basic c2VjcmV0OnNlY3JldA==`;
  const sap = await fakeSap(() => ({ status: 400, text: echo }));
  const error = await rejection(tokenSourceOf(sap.url).get(), ApiError);
  expect(error.message).not.toContain("canary");
  expect(error.message).not.toContain("abc123");
  expect(error.message).not.toContain("c2VjcmV0");
});
