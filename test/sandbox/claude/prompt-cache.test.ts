/** The prompt cache counts what a real one would: reads, writes and lifetimes, deployment by deployment. */
import { expect, test } from "vitest";
import { PromptCache } from "../../../src/sandbox/claude/prompt-cache.ts";
import { assistant, body, marked, markedFor, type Patch, text, user } from "./bodies.ts";
import { check } from "./check.ts";

const LONG = "x".repeat(4_000);
const plain: Patch = { tools: undefined, system: [text(LONG, marked)] };

function account(cache: PromptCache, patch: Patch, deployment = "d1", now = 0) {
  const usage = cache.account(deployment, check(body({ ...plain, ...patch }), "4.6-opus"), now);
  const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } = usage.cache_creation;
  expect(usage.cache_creation_input_tokens).toBe(short + long);
  return { read: usage.cache_read_input_tokens, short, long, input: usage.input_tokens };
}

test("the first request writes, the second reads as much, another question is only input", () => {
  const cache = new PromptCache();
  const first = account(cache, {});
  const second = account(cache, { messages: [user("something else")] });
  expect(first).toMatchObject({ read: 0, long: 0 });
  expect(first.short).toBeGreaterThan(1_000);
  expect(second).toMatchObject({ read: first.short, short: 0 });
  expect(second.input).toBeGreaterThan(first.input);
});

test("without a mark nothing is cached", () => {
  const cache = new PromptCache();
  const unmarked = { system: [text(LONG)] };
  account(cache, unmarked);
  expect(account(cache, unmarked)).toMatchObject({ read: 0, short: 0 });
});

test("a mark that moves to the newest turn reads the older turns and writes the new one", () => {
  const cache = new PromptCache();
  const ask = (last: string, mark: Patch) => user(text(last, mark));
  const first = account(cache, { messages: [ask(LONG, marked)] });
  const later = [ask(LONG, {}), assistant(text(LONG)), ask("and?", marked)];
  const second = account(cache, { messages: later });
  expect(second.read).toBe(first.short);
  expect(second.short).toBeGreaterThan(1_000);
  expect(account(cache, { messages: later })).toMatchObject({ read: second.read + second.short, short: 0 });
});

test("another byte before the mark loses it all", () => {
  const cache = new PromptCache();
  account(cache, {});
  expect(account(cache, { system: [text(`${LONG}!`, marked)] }).read).toBe(0);
});

test("another deployment knows nothing of it", () => {
  const cache = new PromptCache();
  account(cache, {}, "d1");
  expect(account(cache, {}, "d2").read).toBe(0);
});

test("1h and 5m are counted apart and live as long as they say", () => {
  const cache = new PromptCache();
  const both = { system: [text(LONG, markedFor("1h")), text(LONG, markedFor("5m"))] };
  const first = account(cache, both);
  expect(first.short).toBeGreaterThan(1_000);
  expect(first.long).toBeGreaterThan(1_000);
  expect(account(cache, both, "d1", 6 * 60_000)).toMatchObject({
    read: first.long,
    short: first.short,
    long: 0,
  });
  expect(account(cache, both, "d1", 90 * 60_000).read).toBe(0);
});
