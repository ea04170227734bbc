import * as fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { carryOut } from "../../../src/agents/configure/carry-out.ts";
import { diffOf, planConfigure, planUnconfigure } from "../../../src/agents/configure/plan.ts";
import { readRecord } from "../../../src/agents/configure/record.ts";
import type { ToolFile } from "../../../src/agents/configure/tool.ts";
import { pathsFor } from "../../../src/config/paths.ts";
import { temporaryFolder } from "../../cli/run.ts";

const HAS_MODES = process.platform !== "win32";

interface Machine {
  home: string;
  file: string;
  configure(files?: Partial<ToolFile>): void;
  unconfigure(): void;
}

function machine(name = "settings.json"): Machine {
  const home = temporaryFolder();
  const paths = pathsFor({ AICORE_CLI_HOME: join(home, "aicore") });
  const file = join(home, name);
  return {
    home,
    file,
    configure(files = {}) {
      const entries = [{ at: ["url"], value: "http://127.0.0.1:6655" }];
      const plans = planConfigure(
        [{ path: file, format: "json", entries, ...files }],
        readRecord(paths, "tool"),
      );
      carryOut(paths, "tool", plans, "http://127.0.0.1:6655");
    },
    unconfigure() {
      const record = readRecord(paths, "tool");
      if (record) carryOut(paths, "tool", planUnconfigure(record), undefined);
    },
  };
}

const MODES: [string, number, boolean, number][] = [
  ["stays", 0o644, false, 0o644],
  ["stays when strict", 0o400, false, 0o400],
  ["is closed to others when the key is in it", 0o644, true, 0o600],
];

describe("a file", () => {
  test.runIf(HAS_MODES).each(MODES)("its mode %s (%o)", (_name, mode, secret, expected) => {
    const { file, configure, unconfigure } = machine();
    fs.writeFileSync(file, '{"a":1}');
    fs.chmodSync(file, mode);
    configure({ secret });
    expect(fs.statSync(file).mode & 0o777).toBe(expected);
    unconfigure();
    expect(fs.statSync(file).mode & 0o777).toBe(mode);
    expect(fs.readFileSync(file, "utf8")).toBe('{"a":1}');
  });

  test("keeps its byte order mark", () => {
    const { file, configure, unconfigure } = machine();
    fs.writeFileSync(file, '\ufeff{"a":1}');
    configure();
    expect(fs.readFileSync(file, "utf8")).toBe('\ufeff{"a":1,"url":"http://127.0.0.1:6655"}');
    unconfigure();
    expect(fs.readFileSync(file, "utf8")).toBe('\ufeff{"a":1}');
  });

  test("that was not there goes again, with the folders made for it", () => {
    const { home, file, configure, unconfigure } = machine("a/b/settings.json");
    configure();
    expect(fs.existsSync(file)).toBe(true);
    if (HAS_MODES) expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    unconfigure();
    expect(fs.readdirSync(home)).toEqual(["aicore"]);
  });

  test("that was not there stays when something else is in it, and so does a folder", () => {
    const { home, file, configure, unconfigure } = machine("a/settings.json");
    configure();
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("{", '{\n  "mine": 1,'));
    unconfigure();
    expect(JSON.parse(fs.readFileSync(file, "utf8"))).toEqual({ mine: 1 });
    fs.rmSync(file);
    configure();
    fs.writeFileSync(join(home, "a/other"), "");
    unconfigure();
    expect(fs.readdirSync(join(home, "a"))).toEqual(["other"]);
  });

  test.runIf(HAS_MODES)("behind a symbolic link is changed, and the link stays", () => {
    const { home, file, configure, unconfigure } = machine();
    const real = join(home, "dotfiles.json");
    fs.writeFileSync(real, '{"a":1}');
    fs.symlinkSync("dotfiles.json", file);
    configure();
    expect(fs.readlinkSync(file)).toBe("dotfiles.json");
    expect(fs.readFileSync(real, "utf8")).toContain("6655");
    unconfigure();
    expect(fs.readlinkSync(file)).toBe("dotfiles.json");
    expect(fs.readFileSync(real, "utf8")).toBe('{"a":1}');
  });

  test.runIf(HAS_MODES)("that a symbolic link only promises is made where the link leads", () => {
    const { home, file, configure, unconfigure } = machine();
    fs.symlinkSync("not-yet.json", file);
    configure();
    expect(fs.readFileSync(join(home, "not-yet.json"), "utf8")).toContain("6655");
    unconfigure();
    expect(fs.readlinkSync(file)).toBe("not-yet.json");
    expect(fs.existsSync(join(home, "not-yet.json"))).toBe(false);
  });

  test("that was removed in between is no trouble", () => {
    const { file, configure, unconfigure } = machine();
    fs.writeFileSync(file, '{"a":1}');
    configure();
    fs.rmSync(file);
    unconfigure();
    expect(fs.existsSync(file)).toBe(false);
  });

  test("that is no longer asked for gets back what it was", () => {
    const { home, file, configure } = machine();
    fs.writeFileSync(file, '{"a":1}');
    configure();
    configure({ path: join(home, "other.json") });
    expect(fs.readFileSync(file, "utf8")).toBe('{"a":1}');
  });

  test("its state before the change lies in our state folder, for this user alone", () => {
    const { home, file, configure } = machine();
    fs.writeFileSync(file, '{"a":1}');
    configure();
    const backup = join(home, "aicore/state/configure/tool-settings.json.backup");
    expect(fs.readFileSync(backup, "utf8")).toBe('{"a":1}');
    if (HAS_MODES) expect(fs.statSync(backup).mode & 0o777).toBe(0o600);
  });
});

const UNFIT: [string, string | Buffer, Partial<ToolFile>, RegExp][] = [
  ["JSON that is none", '{\n  "a": 1,\n  b\n}', {}, /settings\.json line 3, column 3: not valid JSON/],
  ["JSON that ends early", '{"a": 1', {}, /line 1, column 8: not valid JSON/],
  ["a JSON list", "[1]", {}, /line 1, column 1: not a JSON object/],
  [
    "a string in the way",
    '{"url": "x"}',
    { entries: [{ at: ["url", "deep"], value: 1 }] },
    /column 9: url is not an object/,
  ],
  [
    "an object in a list's place",
    '{"url": {}}',
    { entries: [{ at: ["url"], item: 1 }] },
    /column 9: url is not a list/,
  ],
  ["TOML that is none", "a = 1\nb = = 2\n", { format: "toml" }, /line 2, column 5: not valid TOML/],
  ["TOML with an open string", 'a = 1\nb = "x\n', { format: "toml" }, /line 2, column 5: not valid TOML/],
  [
    "our table, not from us",
    "[t.aicore]\nx = 1\n",
    { format: "toml", entries: [{ at: ["t", "aicore", "y"], value: 1 }] },
    /line 1, column 1: t\.aicore is there already/,
  ],
  [
    "our table in a row",
    "t = { aicore = { x = 1 } }\n",
    { format: "toml", entries: [{ at: ["t", "aicore", "y"], value: 1 }] },
    /line 1, column 1: t is there already/,
  ],
  [
    "YAML that is none",
    "a: [1\nb: 2\n",
    { format: "yaml", entries: [{ at: ["m"], item: 1 }] },
    /line \d+, column \d+: not valid YAML/,
  ],
  [
    "several YAML documents",
    "a: 1\n---\nb: 2\n",
    { format: "yaml", entries: [{ at: ["m"], item: 1 }] },
    /not valid YAML/,
  ],
  [
    "YAML in one line",
    "m: [{ a: 1 }]\n",
    { format: "yaml", entries: [{ at: ["m"], item: 1 }] },
    /line 1, column 4: m stands in one line/,
  ],
  [
    "a YAML value in a list's place",
    "m: text\n",
    { format: "yaml", entries: [{ at: ["m"], item: 1 }] },
    /line 1, column 3: m is not a list/,
  ],
  ["not UTF-8", Buffer.from([0xff, 0xfe, 0x7b, 0x00]), {}, /is not UTF-8 text/],
];

test.each(UNFIT)("%s is refused and left as it is", (_name, content, files, message) => {
  const { file, configure } = machine();
  fs.writeFileSync(file, content);
  expect(() => configure(files)).toThrow(message);
  expect(fs.readFileSync(file)).toEqual(Buffer.from(content));
});

test("a folder in the file's place is refused", () => {
  const { file, configure } = machine();
  fs.mkdirSync(file);
  expect(() => configure()).toThrow(/is not a file/);
});

test("the plan is a unified diff, and writes nothing", () => {
  const { home, file } = machine();
  fs.writeFileSync(file, '{\n  "a": 1\n}\n');
  const [plan] = planConfigure(
    [{ path: file, format: "json", entries: [{ at: ["url"], value: "x" }] }],
    undefined,
  );
  expect(plan && diffOf(plan)).toBe(
    `--- ${file}\n+++ ${file}\n@@ -1,3 +1,4 @@\n {\n-  "a": 1\n+  "a": 1,\n+  "url": "x"\n }\n`,
  );
  expect(fs.readdirSync(home)).toEqual(["settings.json"]);
});
