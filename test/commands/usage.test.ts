import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import type { RequestRow } from "../../src/database/schema.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { aicore, type Ran, temporaryFolder } from "../cli/run.ts";
import { HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { row } from "../usage/rows.ts";

interface User {
  home: string;
  env: NodeJS.ProcessEnv;
  usage(args?: string): Promise<Ran>;
}

const DAY = 24 * 3_600_000;

/** Someone whose requests were recorded. */
async function userWith(rows: readonly Partial<RequestRow>[]): Promise<User> {
  const home = temporaryFolder();
  if (rows.length > 0) {
    const file = (name: string) => ({ file: join(home, "state", `${name}.db`) });
    const database = await openDatabase(file("usage"), "requests", { beside: file("keys") });
    await usageStore(database).append(rows.map(row));
    await database.close();
  }
  const env = { AICORE_CLI_HOME: home, HOME: home, LANG: "C.UTF-8", NO_UPDATE_NOTIFIER: "1" };
  return { home, env, usage: (args = "") => aicore(["usage", ...args.split(" ").filter(Boolean)], { env }) };
}

const TEAM: Partial<RequestRow>[] = [
  {
    input_tokens: 1_000,
    cache_read_tokens: 8_000,
    cache_write_5m_tokens: 600,
    cache_write_1h_tokens: 400,
    output_tokens: 500,
    capacity_units: 0.25,
  },
  { key_id: "key_1", key_name: "ci", input_tokens: 1_234_567, output_tokens: 89, capacity_units: 3.5 },
  {
    model: "gpt-5.5",
    requested: "gpt-5.5",
    tool: "codex",
    input_tokens: 300,
    output_tokens: 70,
    reasoning_tokens: 40,
    usage_source: "partial",
    capacity_units: null,
  },
  { at: Date.now() - 3 * DAY, profile: "team2", tool: null, capacity_units: 1 },
  { at: Date.now() - 40 * DAY, capacity_units: 100 },
];

describe("the document", () => {
  test("has the sums by model, and their total", async () => {
    const { usage } = await userWith(TEAM);
    const { code, stdout, stderr } = await usage("--json");
    expect([code, stderr]).toEqual([0, ""]);
    const unknown = { capacity_units: null, unpriced: 1, estimated: 1 };
    expect(JSON.parse(stdout)).toEqual({
      since: expect.stringMatching(/^\d{4}-/),
      until: null,
      rows: [
        {
          group: { model: "anthropic--claude-4.6-sonnet" },
          requests: 3,
          input_tokens: 1_235_667,
          cache_read_tokens: 8_000,
          cache_write_tokens: 1_000,
          cache_write_1h_tokens: 400,
          output_tokens: 599,
          reasoning_tokens: 0,
          capacity_units: 4.75,
          unpriced: 0,
          estimated: 0,
        },
        {
          group: { model: "gpt-5.5" },
          requests: 1,
          input_tokens: 300,
          cache_read_tokens: 0,
          cache_write_tokens: 0,
          cache_write_1h_tokens: 0,
          output_tokens: 70,
          reasoning_tokens: 40,
          ...unknown,
        },
      ],
      total: {
        requests: 4,
        input_tokens: 1_235_967,
        cache_read_tokens: 8_000,
        cache_write_tokens: 1_000,
        cache_write_1h_tokens: 400,
        output_tokens: 669,
        reasoning_tokens: 40,
        ...unknown,
        capacity_units: 4.75,
      },
    });
  });

  test.each([
    ["--by key", [{ key: "ci" }, { key: "local" }]],
    ["--by profile", [{ profile: "default" }, { profile: "team2" }]],
    ["--by tool", [{}, { tool: "claude-code" }, { tool: "codex" }]],
    ["--by tool,key --tool codex", [{ tool: "codex", key: "local" }]],
    ["--by tool --by key --tool codex", [{ tool: "codex", key: "local" }]],
    ["--by MODEL --key ci", [{ model: "anthropic--claude-4.6-sonnet" }]],
    ["--by model --model gpt-5.5", [{ model: "gpt-5.5" }]],
    ["--by profile --profile team2", [{ profile: "team2" }]],
    ["--by profile --since 2d", [{ profile: "default" }]],
    ["--by profile --since 4d --until 2d", [{ profile: "team2" }]],
    ["--by key --since 2000-01-01T00:00+02:00 --until 2001-01-01", []],
  ])("%s", async (args, groups) => {
    const { usage } = await userWith(TEAM);
    const { code, stdout } = await usage(`${args} -o json`);
    expect([code, JSON.parse(stdout).rows.map(({ group }: { group: object }) => group)]).toEqual([0, groups]);
  });

  test("tells money where there is a price, and only there", async () => {
    const { usage, env } = await userWith(TEAM);
    await aicore(["config", "set", "cost.price", "1.04"], { env });
    await aicore(["config", "set", "cost.currency", "USD"], { env });
    const { rows, total, currency } = JSON.parse((await usage("--json")).stdout);
    expect([currency, total.money]).toEqual(["USD", 4.94]);
    expect(rows.map(({ money }: { money: unknown }) => money)).toEqual([4.94, null]);
  });
});

test("CSV has a title line and the same figures", async () => {
  const { usage } = await userWith(TEAM);
  const { stdout } = await usage("--by tool,day --tool codex -o csv");
  expect(stdout.split("\n")).toEqual([
    "tool,day,requests,input_tokens,cache_read_tokens,cache_write_tokens,cache_write_1h_tokens,output_tokens,reasoning_tokens,capacity_units,unpriced,estimated",
    expect.stringMatching(/^codex,\d{4}-\d\d-\d\d,1,300,0,0,0,70,40,,1,1$/),
    "",
  ]);
});

test("on a pipe, the table has every column and says what it does not know", async () => {
  const { usage } = await userWith(TEAM);
  const { code, stdout, stderr } = await usage();
  expect(code).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "MODEL                         REQUESTS          IN  CACHED  CACHE READ  CACHE WRITE  OUT  REASONING       CU",
    "anthropic--claude-4.6-sonnet         3   1,244,667      1%       8,000        1,000  599          0   4.7500",
    "gpt-5.5                              1        ~300      0%           0            0   70         40        ?",
    "Total                                4  ~1,244,967      1%       8,000        1,000  669         40  >4.7500",
    "",
  ]);
  expect(stderr).toMatch(/^~ 1 request did not tell all tokens/m);
  expect(stderr).toMatch(/^> \? The cost of 1 request is not known/m);
});

test("nothing recorded: says so and what to do, and makes no file", async () => {
  const { usage, home } = await userWith([]);
  const { code, stdout, stderr } = await usage();
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toMatch(/^No requests since \d{4}-\d\d-\d\d\.\n.*aicore serve/);
  expect(existsSync(join(home, "state"))).toBe(false);
  expect(JSON.parse((await usage("--json")).stdout)).toMatchObject({
    rows: [],
    total: { requests: 0, capacity_units: null },
  });
});

test("filters that match nothing are told", async () => {
  const { usage } = await userWith(TEAM);
  expect((await usage("--key nobody --tool codex")).stderr).toMatch(
    /^No requests since .*, key nobody, tool codex\.$/m,
  );
});

test.each([
  ["--by mdel", /--by: there is no group "mdel"\. Did you mean model\?\nGroups are model, key/],
  ["--by model,,day", /--by: there is no group ""\.\n/],
  ["--unit usd", /'usd' is invalid\. Allowed choices are tokens, cu, money/],
  ["--unit money", /there is no price of a capacity unit\.\n.*aicore config set cost\.price/],
  ["--since tomorrow", /--since: expected a time, got "tomorrow"\.\nSo long ago: 24h/],
  ["--since 2026-02-30", /--since: expected a time/],
  ["--since 2026-11-21T25:00", /--since: expected a time/],
  ["--until 7", /--until: expected a time, got "7"/],
  [
    "--since today --until yesterday",
    /--until \(\d.*Z\) is not later than --since \(\d.*\)\.\n--until itself/,
  ],
  ["--until 31d", /is not later than --since .*\n.*30 days ago: say --since too/],
  ["--output yaml", /Allowed choices are table, json, csv/],
])("usage %s is refused with exit code 2", async (args, message) => {
  const { usage } = await userWith([]);
  const { code, stdout, stderr } = await usage(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});

describe.skipIf(!HAS_TERMINAL)("on a terminal", () => {
  /** Three weeks, with days on which nobody worked. */
  const weeks = Array.from({ length: 21 }, (_, day) => day)
    .filter((day) => day % 7 < 5)
    .map((day) => ({
      at: Date.now() - day * DAY,
      cache_read_tokens: 1_000_000 * (day + 1),
      session: `5f3c0b1e-0000-4000-8000-0000000000${10 + day}`,
      capacity_units: day + 0.5,
    }));

  test.each([
    [80, ""],
    [80, "--by day"],
    [80, "--by day --unit cu"],
    [80, "--by day,model"],
    [80, "--by session"],
    [40, ""],
    [40, "--by day"],
    [40, "--by day --unit cu"],
    [40, "--by model,key,tool"],
  ])("of %d columns no line of `usage %s` is wider", async (columns, args) => {
    const user = await userWith([...TEAM, ...weeks]);
    const terminal = new Terminal(user, `-q --no-color usage ${args}`, columns);
    expect(await terminal.code).toBe(0);
    const table = tableIn(terminal);
    expect(table.length).toBeGreaterThan(2);
    expect(table.filter((line) => [...line].length > columns)).toEqual([]);
  });

  test("a day is a bar, the longest the one with most; a day without requests has none", async () => {
    const user = await userWith(weeks);
    const terminal = new Terminal(user, "-q --no-color usage --by day");
    await terminal.code;
    const [, ...days] = tableIn(terminal);
    expect(days).toHaveLength(19 + 1);
    const bars = days.map((line) => (line.match(/[█▏▎▍▌▋▊▉]/g) ?? []).length);
    expect(Math.max(...bars)).toBe(bars[0]);
    expect([bars[0], bars.filter((length) => length === 0).length]).toEqual([16, 4 + 1]);
    expect(days.at(-1)).toMatch(/^Total/);
  });

  test("a bar is of plain letters where the terminal has no others, and a pipe has none", async () => {
    const user = await userWith(weeks);
    const plain = new Terminal({ env: { ...user.env, LANG: "C" } }, "-q --no-color usage --by day");
    await plain.code;
    expect(plain.shown).toMatch(/ {2}#{16}\r?\n/);
    expect((await user.usage("--by day")).stdout).not.toMatch(/[#█]/);
  });

  test("names that drive a terminal are shown without what drives it", async () => {
    const user = await userWith([{ tool: "evil\u001b[2J\u202egnp", session: null }]);
    const terminal = new Terminal(user, "-q --no-color usage --by tool");
    await terminal.code;
    expect(terminal.shown).toMatch(/^evil ?gnp /m);
    expect(terminal.shown).not.toContain("\u001b[2J");
  });
});

function tableIn({ lines }: Terminal): string[] {
  const table = lines.slice(lines.findIndex((line) => /^[A-Z]+ {2}/.test(line)));
  return table.slice(
    0,
    table.findIndex((line) => /^(speed |$)/.test(line)),
  );
}
