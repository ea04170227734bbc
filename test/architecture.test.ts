import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const SRC = join(ROOT, "src");

/** Imports go down only: a folder may import what stands on a lower floor, and itself. */
const FLOORS: string[][] = [
  ["hub", "errors.ts", "log.ts", "package.ts"],
  ["dialects", "upstreams", "stream", "config"],
  ["aicore", "database"],
  ["keys"],
  ["routing", "catalog", "usage"],
  ["proxy", "tracing"],
  ["agents", "terminal", "chat", "service"],
  ["doctor"],
  ["commands"],
  ["cli.ts", "index.ts"],
];
/** The sandbox stands alone, so that a mistake in the product cannot hide in its test double. */
const SANDBOX_MAY_IMPORT = ["hub/json.ts", "errors.ts", "log.ts"];
const MAY_IMPORT_SANDBOX = ["commands"];

/** Who may import which package; a package that is not listed may not be imported at all. */
const PACKAGES: Record<string, string[]> = {
  "@hono/node-server": ["proxy"],
  "@napi-rs/keyring": ["config"],
  "@opentelemetry/api": ["tracing"],
  "@opentelemetry/exporter-trace-otlp-http": ["tracing"],
  "@opentelemetry/resources": ["tracing"],
  "@opentelemetry/sdk-trace-base": ["tracing"],
  chalk: ["terminal"],
  commander: ["cli.ts"],
  conf: ["config"],
  diff: ["agents"],
  "eventsource-parser": ["commands"],
  hono: ["proxy"],
  "jsonc-parser": ["agents"],
  kysely: ["database", "keys", "usage"],
  libsql: ["database"],
  ora: ["terminal"],
  pg: ["database"],
  "prom-client": ["proxy"],
  undici: ["aicore"],
  yaml: ["agents"],
};

interface Import {
  from: string;
  to: string;
}

const sources = filesBelow(SRC).filter((file) => file.endsWith(".ts"));
const imports: Import[] = sources.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)"([^"]+)"/g)].map(
    ([, to = ""]) => ({
      from: relative(SRC, file),
      to: to.startsWith(".") ? relative(SRC, resolve(dirname(file), to)) : to,
    }),
  ),
);
const internal = imports.filter(({ to }) => to.endsWith(".ts"));

test("every folder of src has a floor", () => {
  const known = [...FLOORS.flat(), "sandbox"];
  expect(readdirSync(SRC).filter((name) => !known.includes(name))).toEqual([]);
});

test("imports go down only", () => {
  const upward = internal
    .filter(({ from, to }) => top(from) !== top(to) && top(from) !== "sandbox" && top(to) !== "sandbox")
    .filter(({ from, to }) => floorOf(to) >= floorOf(from));
  expect(upward).toEqual([]);
});

test("the sandbox stands alone", () => {
  const out = internal.filter(({ from, to }) => top(from) === "sandbox" && top(to) !== "sandbox");
  expect(out.filter(({ to }) => !SANDBOX_MAY_IMPORT.includes(to))).toEqual([]);
  const into = internal.filter(({ from, to }) => top(to) === "sandbox" && top(from) !== "sandbox");
  expect(into.filter(({ from }) => !MAY_IMPORT_SANDBOX.includes(top(from)))).toEqual([]);
});

test("packages are imported where they belong", () => {
  const strays = imports
    .filter(({ to }) => !to.endsWith(".ts") && !to.startsWith("node:"))
    .filter(({ from, to }) => !PACKAGES[packageOf(to)]?.includes(top(from)));
  expect(strays).toEqual([]);
});

test("model names are matched in the capability table and the name rules only", () => {
  const matching = sources
    .map((file) => relative(SRC, file))
    .filter((file) => !file.startsWith("catalog/") && !file.startsWith("sandbox/"))
    .filter((file) => /\b[mM]odel(?:\.id|\.name)?\??\.(?:includes|match|indexOf)\(/.test(read(file)));
  expect(matching).toEqual([]);
});

test("no file is longer than 400 lines", () => {
  const all = [...sources, ...filesBelow(join(ROOT, "test")).filter((file) => file.endsWith(".ts"))];
  const long = all.filter((file) => readFileSync(file, "utf8").split("\n").length > 401);
  expect(long.map((file) => relative(ROOT, file))).toEqual([]);
});

function top(path: string): string {
  return path.split("/", 1)[0] ?? path;
}

function floorOf(path: string): number {
  return FLOORS.findIndex((floor) => floor.includes(top(path)));
}

function packageOf(specifier: string): string {
  const [scope = "", name = ""] = specifier.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

function read(file: string): string {
  return readFileSync(join(SRC, file), "utf8");
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
    );
}
