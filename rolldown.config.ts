/**
 * The modules become few files: what is loaded together stands together, as readable as it was written but for its comments.
 * Each file costs a start a third of a millisecond, whatever is in it (Node 20, 2026-11). `tsc` checks the types, and writes
 * them.
 *
 * They are CommonJS, which `import` takes as well: ES modules are read in turns of Node's pool of threads and have a loader
 * of their own, and what a start adds to a bare Node is a quarter less without them (Node 20, a third on 24, 2026-11).
 */
import { readFileSync } from "node:fs";
import { defineConfig } from "rolldown";

/** What is called by its path: by `bin`, by `exports` of package.json, by name in `inPackage`. */
const ENTRIES = [
  "cli",
  "index",
  "sandbox/index",
  "commands/update-child",
  "config/secrets/keychain-child",
  "usage/ledger/worker",
];

/**
 * Packages stay what npm installs, so that their fixes come without a release of ours. One is taken in, with its
 * licence, for it touches no network: kysely, which every proxy and each look at usage or keys loads, in 264 files.
 */
const BUILT_IN = ["kysely"];

/**
 * What a start depends on, with all that it imports: a module stands in the first of these files that takes it. The rest
 * is parted by who needs it.
 */
const TOGETHER = [
  ...BUILT_IN.map((name) => ({ name, modules: new RegExp(`/node_modules/${name}/`) })),
  {
    name: "base",
    modules: /\/src\/(errors|log|package|hub\/json|config\/private-file|keys\/(accepted|limits))\.ts$/,
  },
  // What the ledger's thread shares with the main one: a thread has to load it a second time.
  { name: "ledger", modules: /\/src\/(keys\/gate|usage\/ledger\/(native-calls|row-line|spool-files))\.ts$/ },
  // Up to the port, which launchers bind as well.
  {
    name: "start",
    modules:
      /\/src\/(commands\/(context|catalogue-cache|debug-flags|local-key)|proxy\/port|config\/settings)\.ts$/,
  },
  { name: "serve", modules: /\/src\/commands\/serve\.ts$/ },
  // Up to the child.
  { name: "launch", modules: /\/src\/commands\/launch\.ts$/ },
  { name: "tenant", modules: /\/src\/commands\/session\.ts$/ },
  { name: "server", modules: /\/src\/(proxy\/server|usage\/ledger\/index)\.ts$/ },
];

export default defineConfig({
  input: Object.fromEntries(ENTRIES.map((name) => [name, `./src/${name}.ts`])),
  platform: "node",
  external: new RegExp(`^(?:node:|(?!(?:${BUILT_IN.join("|")})$)@?[a-z][\\w./@-]*$)`),
  plugins: [
    {
      name: "dist-is-commonjs",
      generateBundle() {
        this.emitFile({ type: "asset", fileName: "package.json", source: '{ "type": "commonjs" }\n' });
      },
    },
  ],
  output: {
    dir: "dist",
    format: "cjs",
    entryFileNames: "[name].js",
    // At the top of `dist`: see src/package.ts.
    chunkFileNames: "[name].js",
    minifyInternalExports: false,
    // V8 keeps the text of what is loaded, at two bytes a character if one is beyond Latin-1: 1.3 MB of a proxy (2026-11).
    charset: "ascii",
    comments: { jsdoc: false },
    banner: ({ name }) => (BUILT_IN.includes(name) ? licenseOf(name) : ""),
    codeSplitting: {
      groups: TOGETHER.map(({ name, modules }, index) => ({
        name,
        test: (path) => modules.test(path.replaceAll("\\", "/")),
        priority: TOGETHER.length - index,
      })),
    },
  },
});

function licenseOf(name: string): string {
  return `/*!\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n*/`;
}
