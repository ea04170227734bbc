/** The app for Cloud Foundry: `start.js` with the variables that the platform sets. */
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../cli/run.ts";
import { newWorld } from "../commands/world.ts";
import { untilSaid } from "../lifecycle/serving.ts";
import { objectIn, ROOT, textOf } from "./files.ts";

const APP = "deploy/cloud-foundry";
const URI = "postgres://me:p%40ss@db.example.com:5432/app";
const PEM = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n";
const ROUTES = { application_uris: ["models.example.com", "shared.example.com/aicore"] };

/** The app as it is after `npm install`, with this aicore or a stand-in. */
function installed(aicore: string): string {
  const app = temporaryFolder();
  for (const file of ["start.js", "package.json"]) copyFileSync(join(ROOT, APP, file), join(app, file));
  mkdirSync(join(app, "node_modules"));
  symlinkSync(aicore, join(app, "node_modules", "aicore"));
  return app;
}

/** A stand-in that prints what it was started with. */
function echo(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "package.json"), '{"name":"aicore","type":"module"}');
  writeFileSync(
    join(folder, "bin", "aicore.js"),
    "process.stdout.write(JSON.stringify({ env: process.env, words: process.argv.slice(2) }));",
  );
  return folder;
}

function start(app: string, env: NodeJS.ProcessEnv, words: string[] = []) {
  const child = spawn(process.execPath, ["start.js", ...words], {
    cwd: app,
    env: { PATH: process.env.PATH, HOME: app, TMPDIR: app, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  return child;
}

async function echoed(env: NodeJS.ProcessEnv, words?: string[]) {
  const child = start(installed(echo()), env, words);
  let text = "";
  child.stdout.on("data", (chunk: string) => {
    text += chunk;
  });
  await new Promise((resolve) => child.once("close", resolve));
  return JSON.parse(text) as { env: Record<string, string>; words: string[] };
}

test("it serves by the bindings and routes of the app, and ends in good order", async () => {
  const { sandbox } = await newWorld();
  const child = start(installed(ROOT), {
    // Beyond loopback is the platform's business; a test stays at home.
    AICORE_HOST: "127.0.0.1",
    PORT: "0",
    NO_UPDATE_NOTIFIER: "1",
    VCAP_APPLICATION: JSON.stringify(ROUTES),
    VCAP_SERVICES: JSON.stringify({
      aicore: [{ label: "aicore", name: "aicore", credentials: sandbox.serviceKey }],
    }),
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  const said = await untilSaid(child as Parameters<typeof untilSaid>[0], "aicore listens on");
  const [, url = ""] = /listens on (\S+) /.exec(said) ?? [];
  const asked = await fetch(`${url}/health`);
  expect(asked.status).toBe(200);
  child.kill("SIGTERM");
  expect(await closed).toBe(0);
});

test("everywhere, on the port and by the names that the platform gives", async () => {
  const { env, words } = await echoed({ PORT: "8080", VCAP_APPLICATION: JSON.stringify(ROUTES) });
  expect(words).toEqual(["serve", "--drain", "8"]);
  expect(env).toMatchObject({
    AICORE_HOST: "0.0.0.0",
    AICORE_PORT: "8080",
    AICORE_HOSTS: "models.example.com,shared.example.com",
    AICORE_DATABASE_URL: "",
  });
});

test("the database of a binding, checked against its certificate", async () => {
  const bound = (credentials: object) =>
    echoed({
      PORT: "8080",
      VCAP_SERVICES: JSON.stringify({
        aicore: [{ credentials: { url: "https://example.com" } }],
        "postgresql-db": [{ credentials }],
      }),
    });
  expect((await bound({ uri: URI })).env.AICORE_DATABASE_URL).toBe(URI);
  const { env } = await bound({ uri: URI, sslrootcert: PEM });
  const url = new URL(env.AICORE_DATABASE_URL ?? "");
  expect(url.href.startsWith(`${URI}?sslmode=verify-full&sslrootcert=`)).toBe(true);
  expect(url.searchParams.get("sslrootcert")).toMatch(/postgres\.pem$/);
});

test("what somebody has set stays, and other commands run too", async () => {
  const set = {
    AICORE_HOSTS: "mine.example.com",
    AICORE_DATABASE_URL: "postgres://mine/db",
    AICORE_PORT: "1",
  };
  const { env, words } = await echoed({ PORT: "8080", ...set }, ["keys", "list"]);
  expect(words).toEqual(["keys", "list"]);
  expect(env).toMatchObject(set);
});

test("the manifest starts it, asks /health, and has two instances only with a database", () => {
  const { applications } = objectIn<{ applications: Record<string, unknown>[] }>(`${APP}/manifest.yml`);
  expect(applications).toMatchObject([
    {
      command: "node start.js",
      "health-check-type": "http",
      "health-check-http-endpoint": "/health",
      instances: 2,
      services: ["aicore", "aicore-postgres"],
    },
  ]);
});

test("it asks for a version of aicore that this one satisfies", () => {
  const { dependencies } = JSON.parse(textOf(`${APP}/package.json`)) as { dependencies: { aicore: string } };
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  expect(dependencies.aicore).toBe(`^${version.replace(/\.\d+$/, ".0")}`);
});
