import * as fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { firstLine } from "../cli/run.ts";
import { loggedInWorld, newWorld, type World } from "./world.ts";

const CODEX = '# mine\nmodel = "o3"  # fast\n\n[tui]\nnotifications = true';
const ZED = '{\n\t// the look\n\t"theme": "One Dark",\n}\n';

function homeFile({ env }: World, path: string, text: string): string {
  const file = join(env.HOME ?? "", path);
  fs.mkdirSync(join(file, ".."), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

/** Every file of the user's, by path. */
function everything(folder: string): Record<string, string> {
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.map((path) => [path, fs.readFileSync(path, "utf8")]));
}

test("configure and unconfigure leave every file of the user's as it was", async () => {
  const world = await loggedInWorld();
  homeFile(world, ".codex/config.toml", CODEX);
  homeFile(world, ".config/zed/settings.json", ZED);
  homeFile(world, ".continue/config.yaml", "name: Local Config\nversion: 1.0.0\nschema: v1\nmodels: []\n");
  homeFile(world, ".gemini/.env", "GEMINI_API_KEY=AIza-own # mine\r\n");
  const before = everything(world.env.HOME ?? "");
  const tools = ["claude", "codex", "opencode", "gemini", "qwen", "continue", "zed"];
  for (const tool of tools) expect((await world.run(`configure ${tool}`)).code, tool).toBe(0);
  const during = everything(world.env.HOME ?? "");
  expect(Object.keys(during).length).toBeGreaterThan(Object.keys(before).length);
  for (const text of Object.values(during)) expect(text).not.toContain(world.sandbox.serviceKey.clientsecret);
  for (const tool of tools) expect((await world.run(`unconfigure ${tool}`)).code, tool).toBe(0);
  expect(everything(world.env.HOME ?? "")).toEqual(before);
  expect(fs.readdirSync(world.env.HOME ?? "").sort()).toEqual([".codex", ".config", ".continue", ".gemini"]);
});

test("a tool gets the models of the tenant, the setting's port, and a way to the key", async () => {
  const world = await loggedInWorld();
  const file = homeFile(world, ".codex/config.toml", CODEX);
  world.env.AICORE_PORT = "7001";
  const { code, stdout, stderr } = await world.run("configure codex");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^changed +\S+config\.toml \(before: \S+codex-config\.toml\.backup\)\n$/);
  expect(stderr).toMatch(/Codex is pointed at http:\/\/127\.0\.0\.1:7001\..*aicore unconfigure codex/);
  expect(stderr).toMatch(/Start the proxy before the tool: aicore serve/);
  const text = fs.readFileSync(file, "utf8");
  expect(text).toMatch(/^model = "gpt-5\.\d+" {2}# fast$/m);
  expect(text).toContain('base_url = "http://127.0.0.1:7001/v1"');
  expect(text).toContain(`args = ["${join(world.home, "state/local-key")}"]`);
  expect(text).not.toContain("aicl_");
});

test("a running proxy is asked for its models, without credentials of one's own", async () => {
  const world = await loggedInWorld();
  const server = world.start("serve --port 0 --json");
  const { port } = JSON.parse(await firstLine(server)) as { port: number };
  delete world.env.AICORE_SERVICE_KEY;
  const { stdout, stderr } = await world.run(`--json configure claude --port ${port}`);
  const { models, notes } = JSON.parse(stdout);
  expect(stderr).toBe("");
  expect(models).toContain("anthropic--claude-4.6-sonnet");
  expect(notes.join()).not.toContain("Start the proxy");
  const settings = fs.readFileSync(join(world.env.HOME ?? "", ".claude/settings.json"), "utf8");
  const { env } = JSON.parse(settings);
  expect(env.ANTHROPIC_DEFAULT_SONNET_MODEL).toMatch(/^anthropic--claude-.*-sonnet$/);
  server.kill("SIGTERM");
  await server.result;
});

test("nobody logged in: families are named, and the user is told", async () => {
  const world = await newWorld();
  const { code, stdout, stderr } = await world.run("configure zed");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^created /);
  expect(stderr).toMatch(/No SAP AI Core credentials found\..*names opus, sonnet and haiku/);
});

test("--dry-run shows the change and writes nothing at all", async () => {
  const world = await loggedInWorld();
  homeFile(world, ".config/zed/settings.json", ZED);
  const before = { ...everything(world.env.HOME ?? ""), ...everything(world.home) };
  const { code, stdout } = await world.run("configure zed --dry-run");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^--- .*settings\.json\n\+\+\+ .*settings\.json\n@@ /);
  expect(stdout).toContain('+\t"language_models": {\n');
  await world.run("configure gemini --dry-run --json");
  expect({ ...everything(world.env.HOME ?? ""), ...everything(world.home) }).toEqual(before);
});

test("a second time, and another port", async () => {
  const world = await loggedInWorld();
  const file = homeFile(world, ".config/zed/settings.json", ZED);
  await world.run("configure zed");
  const once = fs.readFileSync(file, "utf8");
  expect((await world.run("configure zed")).stdout).toMatch(/^unchanged /);
  expect(fs.readFileSync(file, "utf8")).toBe(once);
  await world.run("configure zed --port 7002");
  expect(fs.readFileSync(file, "utf8")).toBe(once.replace(":6655", ":7002"));
  const { stdout, stderr } = await world.run("configure");
  expect(stdout).toMatch(/^zed +Zed +configured +7002 +\S+settings\.json$/m);
  expect(stdout).toMatch(/^cursor +Cursor +by hand$/m);
  expect(stderr).toMatch(/zed asks another address than http:\/\/127\.0\.0\.1:6655: aicore configure zed/);
  const { tools } = JSON.parse((await world.run("configure --json")).stdout);
  expect(tools).toContainEqual({
    name: "zed",
    title: "Zed",
    state: "configured",
    url: "http://127.0.0.1:7002",
    files: [file],
  });
  expect(tools).toContainEqual(
    expect.objectContaining({ name: "codex", state: "not configured", url: null }),
  );
  await world.run("unconfigure zed");
  expect(fs.readFileSync(file, "utf8")).toBe(ZED);
});

test("what the user changed since stays, and is told of", async () => {
  const world = await loggedInWorld();
  const file = homeFile(world, ".codex/config.toml", 'model = "o3"\n');
  await world.run("configure codex");
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(/^model = .*$/m, 'model = "gpt-4.1"'));
  const { code, stderr } = await world.run("unconfigure codex");
  expect(code).toBe(0);
  expect(stderr).toMatch(/Warning: model was changed since and stays\./);
  expect(fs.readFileSync(file, "utf8")).toBe('model = "gpt-4.1"\n');
});

test("a file that cannot be read is refused with its place, as JSON too", async () => {
  const world = await loggedInWorld();
  const file = homeFile(world, ".config/zed/settings.json", '{\n  "theme": }\n');
  const { code, stdout, stderr } = await world.run("configure zed --json");
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(JSON.parse(stderr).error).toMatchObject({
    code: "tool_file_unfit",
    message: expect.stringMatching(/settings\.json line 2, column 12: not valid JSON/),
  });
  expect(fs.readFileSync(file, "utf8")).toBe('{\n  "theme": }\n');
});

test.each(["cline", "roo", "cursor", "cherry-studio"])(
  "%s is explained with the values to paste",
  async (tool) => {
    const world = await loggedInWorld();
    const { code, stdout, stderr } = await world.run(`configure ${tool}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/http:\/\/127\.0\.0\.1:6655/);
    expect(stdout).toMatch(/Key +aicl_[\w-]{43}$/m);
    expect(stderr).toMatch(/Enter by hand, at /);
    const document = JSON.parse((await world.run(`configure ${tool} --json`)).stdout);
    expect(document).toMatchObject({ tool, state: "by hand", url: "http://127.0.0.1:6655" });
    expect(document.fields).not.toEqual([]);
    expect((await world.run(`unconfigure ${tool}`)).stderr).toMatch(/never wrote anything/);
  },
);

test.each([
  ["configure emacs", 2, /There is no tool named "emacs"\.[\s\S]*Known: claude, codex/],
  ["unconfigure emacs", 2, /There is no tool named "emacs"/],
  ["unconfigure", 2, /missing required argument|tool/],
  ["unconfigure codex", 0, /was not configured by aicore: nothing to undo/],
  ["configure codex --port x", 2, /--port: expected a whole number/],
])("aicore %s ends with %d", async (args, code, message) => {
  const world = await newWorld();
  const ran = await world.run(args);
  expect(ran.code).toBe(code);
  expect(ran.stderr).toMatch(message);
});
