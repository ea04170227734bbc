import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { aicore } from "./run.ts";

/** Tells of ES modules as they are loaded, of CommonJS at the end. */
const HOOK = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  import { createRequire, register } from "node:module";
  import { pathToFileURL } from "node:url";
  const { cache } = createRequire(process.execPath);
  process.on("exit", () => {
    for (const path of Object.keys(cache)) writeSync(2, pathToFileURL(path).href + "\\n");
  });
  register("data:text/javascript," + encodeURIComponent(\`
    import { writeSync } from "node:fs";
    export async function load(url, context, next) { writeSync(2, url + "\\\\n"); return next(url, context); }
  \`));
`)}`;

test.each([["--version --json"], ["--help"], ["status --help"]])(
  "aicore %s loads commander and the table, nothing else",
  async (args) => {
    const { loaded, code } = await loadedBy(args);
    const own = loaded.filter((path) => !path.startsWith("node_modules/commander/"));
    expect(code).toBe(0);
    expect(own.sort()).toEqual(["bin/aicore.js", "dist/cli.js", "dist/commands.js"]);
  },
);

test("aicore --version loads nothing at all", async () => {
  expect(await loadedBy("--version")).toMatchObject({ loaded: ["bin/aicore.js"], code: 0 });
});

test("cli.ts imports nothing statically but commander and the table", () => {
  const source = readFileSync(new URL("../../src/cli.ts", import.meta.url), "utf8");
  const imported = [...source.matchAll(/^import (?!type).*from "(.+)";$/gm)].map(([, name]) => name);
  expect(imported).toEqual(["node:fs", "commander", "./commands/index.ts"]);
});

test.each(["serve", "launch", "context"])(
  "commands/%s.ts needs no package until the port is bound",
  (name) => {
    const reached = importsBehind(new URL(`../../src/commands/${name}.ts`, import.meta.url));
    expect(reached).toContain("../errors.ts");
    expect(reached.filter((each) => !each.startsWith(".") || each.endsWith("/undici.ts"))).toEqual([]);
  },
);

/** What a module imports, and what that does, as it stands there; not what is loaded later. */
function importsBehind(module: URL, seen = new Set<string>()): string[] {
  if (seen.has(module.href)) return [];
  seen.add(module.href);
  const imports = readFileSync(module, "utf8").matchAll(/^(?:import|export) (?!type )[^;]*?from "(.+?)";$/gm);
  const names = [...imports].map(([, name = ""]) => name).filter((name) => !name.startsWith("node:"));
  const own = names.filter((name) => name.startsWith("."));
  return [...names, ...own.flatMap((name) => importsBehind(new URL(name, module), seen))];
}

/** The files of ours and of packages that a run loads. */
async function loadedBy(args: string): Promise<{ loaded: string[]; code: number | null }> {
  const { stderr, code } = await aicore(args.split(" "), { node: ["--import", HOOK] });
  const loaded = stderr
    .split("\n")
    .filter((url) => url.startsWith("file:"))
    .map((url) => fileURLToPath(url).replace(/^.*\/(?=node_modules|dist|bin)/, ""));
  return { loaded: [...new Set(loaded)], code };
}
