/** The same canaries through the real program: its output, its files, its arguments. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Fault, startSandbox } from "../../src/sandbox/index.ts";
import { aicore, firstLine, start, temporaryFolder } from "../cli/run.ts";
import { conversation, PROMPT } from "./conversation.ts";

const SECRET = "canary-secret-9e0c71$+/=";
const ONLY_HOLDER = "credentials.json";

const FAULTS: Fault[] = [
  { status: 400, body: { message: `no: ${PROMPT}` } },
  { status: 429, headers: { "retry-after": "60" }, body: `wait, ${PROMPT}` },
  { status: 500, body: `<html><body>${PROMPT} client_secret: ${SECRET}</body></html>` },
  { status: 503, body: { error: { message: `token ${SECRET}, ${PROMPT}` } } },
  { status: 200, body: PROMPT },
  { firstEvent: { type: "error", error: { type: "api_error", message: PROMPT } } },
  { afterEvents: 3, ending: { internalServerException: { message: PROMPT } } },
  { afterEvents: 3, ending: "reset" },
  { garbage: PROMPT },
  { path: "/v2/lm/", status: 500, body: `client_secret=${SECRET}` },
];

test("login, serve with every word of its log, status, env", { timeout: 60_000 }, async () => {
  const sandbox = await startSandbox({ clientSecret: SECRET });
  onTestFinished(() => sandbox.close());
  const home = temporaryFolder();
  const keyFile = join(temporaryFolder(), "key.json");
  writeFileSync(keyFile, JSON.stringify(sandbox.serviceKey), { mode: 0o600 });
  const env = { AICORE_CLI_HOME: home };

  const login = await aicore(["login", keyFile, "--insecure-storage"], { env });
  expect(login.code, login.stderr).toBe(0);
  const server = start(["-v", "-v", "--json", "serve", "--port", "0"], { env });
  const { url, pid } = JSON.parse(await firstLine(server)) as { url: string; pid: number };
  const argv = process.platform === "linux" ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "";

  const shown = await aicore(["env", "--shell", "json"], { env });
  const key = String(JSON.parse(shown.stdout).ANTHROPIC_AUTH_TOKEN);
  expect(key).toMatch(/^aicl_/);
  const headers = { "content-type": "application/json", "x-api-key": key };
  const post = async (stream: boolean) => {
    const body = JSON.stringify(conversation(stream));
    const answer = await fetch(`${url}/v1/messages`, { method: "POST", headers, body });
    return [answer.status, await answer.text().catch(String)] as const;
  };
  expect((await post(false))[0]).toBe(200);
  for (const fault of FAULTS) {
    for (const stream of [false, true]) {
      sandbox.faults.add(fault);
      const [, text] = await post(stream);
      expect(text).not.toContain(SECRET);
      sandbox.faults.clear();
    }
  }
  const status = await aicore(["-v", "status"], { env });
  const models = await aicore(["-v", "models", "list"], { env });
  server.kill("SIGTERM");
  const served = await server.result;
  expect([served.code, status.code, models.code]).toEqual([0, 0, 0]);
  expect(served.stderr).toContain('"message":"completed"');

  const tokens = sandbox.requests.flatMap(
    ({ headers: { authorization = "" } }) => authorization.split(" ")[1] ?? [],
  );
  const secrets = [SECRET, PROMPT, ...new Set(tokens)];
  const outputs = { login, served, status, models, env: shown };
  for (const [name, { stdout, stderr }] of Object.entries(outputs)) {
    for (const secret of secrets) expect(stdout + stderr, name).not.toContain(secret);
    if (name !== "env") expect(stdout + stderr, name).not.toContain(key);
  }
  for (const secret of [...secrets, key]) expect(argv).not.toContain(secret);
  const holders = (secret: string) =>
    filesIn(home).filter((path) => readFileSync(path, "utf8").includes(secret));
  expect(holders(SECRET)).toEqual([expect.stringContaining(ONLY_HOLDER)]);
  expect(secrets.slice(1).flatMap(holders)).toEqual([]);
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
