import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

interface LockedPackage {
  version?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync(resolve(ROOT, "package-lock.json"), "utf8")) as {
  packages: Record<string, LockedPackage>;
};
const runtime = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && !dev);

test("nothing in the runtime tree has an install script", () => {
  expect(runtime.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
});

/** 50 to run the proxy, the rest for keys and usage: `pg` alone brings 13. A new dependency is a decision, so this is no reserve. */
test("the runtime tree stays small", () => {
  const installed = runtime.filter(([path]) => !path.includes("@napi-rs/keyring-"));
  expect(installed.length).toBeLessThanOrEqual(77);
});

/** Versions below these have published holes (security.md 6, checked 2026-11-21). */
test.each([
  ["hono", [4, 13, 5]],
  ["@hono/node-server", [2, 0, 10]],
  ["undici", [7, 24, 0]],
])("%s is at least %j", (name, least) => {
  const version = lock.packages[`node_modules/${name}`]?.version?.split(".").map(Number) ?? [];
  const difference = version.map((part, index) => part - (least[index] ?? 0)).find((part) => part !== 0);
  expect(difference ?? 0).toBeGreaterThanOrEqual(0);
});

test("the package holds what a user needs and nothing else", () => {
  const printed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(printed) as { files: { path: string }[] }[];
  const paths = packed?.files.map(({ path }) => path) ?? [];
  const tops = new Set(paths.map((path) => path.split("/")[0]));
  expect([...tops].sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "bin", "dist", "package.json"]);
  expect(paths.filter((path) => /\.test\.|\.map$|\.env/.test(path))).toEqual([]);
  expect(paths).toContain("dist/cli.js");
  expect(paths).toContain("dist/proxy/ui/assets/index.html");
});

/** Node 20.18 has no `require` for those; later ones are told to forget theirs. */
test("what is built requires no ES module", () => {
  const forget = "--no-experimental-require-module";
  const files = readdirSync(resolve(ROOT, "dist"), { recursive: true, encoding: "utf8" });
  const names = files
    .filter((path) => path.endsWith(".js") && !path.includes("assets"))
    .map((path) => readFileSync(resolve(ROOT, "dist", path), "utf8"))
    .flatMap((code) => [...code.matchAll(/\brequire\("([^."][^"]*)"\)/g)].map(([, name = ""]) => name));
  expect(names).toContain("commander");
  const script = [...new Set(names)].map((name) => `require(${JSON.stringify(name)})`).join(";");
  const flags = process.allowedNodeEnvironmentFlags.has(forget) ? [forget] : [];
  execFileSync(process.execPath, [...flags, "-e", script], { cwd: ROOT });
});

test("`import` finds the names of the library", () => {
  const script = `
    import { AicoreClient, AicoreError, parseServiceKey, startProxy } from "aicore";
    import { startSandbox } from "aicore/sandbox";
    process.stdout.write([AicoreClient, AicoreError, parseServiceKey, startProxy, startSandbox].map((each) => typeof each).join());
  `;
  const node = ["--input-type=module", "-e", script];
  expect(execFileSync(process.execPath, node, { cwd: ROOT, encoding: "utf8" })).toBe(
    "function,function,function,function,function",
  );
});

test.each(["index", "sandbox/index"])(
  "the types of %s need no package that is not installed with it",
  (entry) => {
    const { dependencies } = JSON.parse(readFileSync(resolve(ROOT, "package.json"), "utf8"));
    expect(
      packagesIn(resolve(ROOT, "dist", `${entry}.d.ts`)).filter((name) => !(name in dependencies)),
    ).toEqual([]);
  },
);

function packagesIn(types: string, seen = new Set<string>()): string[] {
  if (seen.has(types)) return [];
  seen.add(types);
  const imports = readFileSync(types, "utf8").matchAll(/(?:from |import\()"(?!node:)(.+?)"/g);
  return [...imports].flatMap(([, name = ""]) =>
    name.startsWith(".")
      ? packagesIn(resolve(dirname(types), name.replace(/\.[tj]s$/, ".d.ts")), seen)
      : [name],
  );
}
