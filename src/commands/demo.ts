/** `aicore demo`: the main job on a simulated tenant, from login to an answer, touching no file of the user's. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { writePrivateFile } from "../config/private-file.ts";
import { startSandbox } from "../sandbox/index.ts";
import { count } from "../terminal/count.ts";
import { Output } from "../terminal/output.ts";
import { Conversation } from "./demo-conversation.ts";
import * as deployments from "./deployments.ts";
import { createKey } from "./local-key.ts";
import * as login from "./login.ts";
import { privateProxy } from "./private-proxy.ts";
import { openSession } from "./session.ts";
import type { Context } from "./types.ts";

/** Milliseconds between the events of a stream: an answer that a person can watch being written. */
const PACE = 30;
const GREETING =
  'Say: "Hello! I am a simulated Claude. My words travel from SAP AI Core through aicore to you, one by one, as they are written."';

export async function run(context: Context): Promise<undefined> {
  const home = mkdtempSync(join(tmpdir(), "aicore-demo-"));
  const sandbox = await startSandbox({ pace: PACE });
  try {
    await tour(await stageFor(context, home), home, sandbox.serviceKey);
    if (context.out.json) context.out.document({ ok: true, requests: sandbox.requests.length });
  } finally {
    await sandbox.close();
    rmSync(home, { recursive: true, force: true });
  }
  return undefined;
}

/** The context of the tour: all files in a folder of its own, no credentials of the user's, no keychain. */
async function stageFor(context: Context, home: string): Promise<Context> {
  const { globals, version, log } = context;
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AICORE_|VCAP_)/i.test(name));
  const passphrase = join(home, "passphrase");
  writePrivateFile(passphrase, `${createKey()}\n`);
  const env = {
    ...Object.fromEntries(inherited),
    AICORE_CLI_HOME: home,
    AICORE_HOME: home,
    AICORE_PASSPHRASE_FILE: passphrase,
  };
  const out = await Output.open({
    json: false,
    quiet: true,
    color: globals.color,
    env,
    ...(globals.json ? { stdout: nowhere() } : {}),
  });
  return { env, out, log, version, globals: { ...globals, profile: undefined, json: false } };
}

async function tour(stage: Context, home: string, serviceKey: unknown): Promise<void> {
  const { out } = stage;
  const step = (title: string, command: string) => out.result(`\n${out.paint.strong(title)}\n$ ${command}`);

  out.result("A tour of aicore on a simulated SAP AI Core, on this machine only. No account is needed.");
  const keyFile = join(home, "key.json");
  writePrivateFile(keyFile, JSON.stringify(serviceKey));

  step(
    "1. Log in with a service key. It is tried first, then its secret is stored.",
    "aicore login key.json",
  );
  await login.run(stage, [keyFile], { storage: "file" });

  step("2. See what is deployed.", "aicore deployments list");
  await deployments.run(stage, [], {});

  step("3. Start the proxy. It speaks the APIs that AI tools speak, and wants a key.", "aicore serve");
  const session = await openSession(stage);
  await session.catalog.refresh();
  const proxy = await privateProxy(session, stage);
  try {
    out.result(`aicore listens on ${proxy.url} with ${count(session.catalog.models().length, "model")}`);
    const talk = new Conversation(proxy.url, proxy.key, (text) => out.stream(text));

    step("4. Ask for `sonnet`; the answer comes as it is written.", `POST ${proxy.url}/v1/messages`);
    await talk.ask(GREETING);

    step("5. Let it call a tool, and hand it the result.", `POST ${proxy.url}/v1/messages`);
    await talk.ask("Call the tool get_weather, please.");
    await talk.giveToolResult("18 degrees and sunny in Walldorf");

    out.result(`\n${out.paint.strong("6. What it cost. Repeated context came out of the prompt cache.")}`);
    out.result(talk.usageTable());
  } finally {
    await proxy.close({ drain: 0 });
    await session.close();
  }
  out.result(
    "\nThat was all of it. With a service key of your own:  aicore login key.json  and  aicore claude",
  );
}

function nowhere(): NodeJS.WriteStream {
  return new Writable({ write: (_chunk, _encoding, done) => done() }) as NodeJS.WriteStream;
}
