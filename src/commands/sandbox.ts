/** `aicore sandbox`: the simulated SAP AI Core, standing alone until a signal ends it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePrivateFile } from "../config/private-file.ts";
import { PortError } from "../errors.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox/index.ts";
import { portFrom } from "./numbers.ts";
import { untilAsked } from "./signals.ts";
import { type TlsOptions, tlsFrom, trustFor } from "./tls-files.ts";
import type { Context } from "./types.ts";

interface Options extends TlsOptions {
  port?: string;
}

export async function run({ out, env }: Context, _args: string[], options: Options): Promise<undefined> {
  const port = options.port === undefined ? 0 : portFrom(options.port, "--port");
  const tls = tlsFrom(options, "127.0.0.1");
  for (const warning of tls?.warnings ?? []) out.warn(warning);
  const asked = untilAsked();
  const sandbox = await open({ port, ...(tls && { tls }) });
  const folder = mkdtempSync(join(tmpdir(), "aicore-sandbox-"));
  const path = join(folder, "service-key.json");
  try {
    writePrivateFile(path, `${JSON.stringify(sandbox.serviceKey, null, 2)}\n`);
    const { url } = sandbox;
    if (out.json) out.event({ event: "ready", url, port: sandbox.port, pid: process.pid, service_key: path });
    else out.result(path);
    out.say(`A simulated SAP AI Core runs on ${url}; its service key is in the file above. Ctrl-C ends it.`);
    const trust = Object.entries(tls ? trustFor(tls.path, env).variables : {});
    const before = trust.map(([name, value]) => `${name}=${value} `).join("");
    out.say(`Try it in another terminal:\n  ${before}AICORE_SERVICE_KEY="$(cat ${path})" aicore claude`);
    await asked;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await sandbox.close();
  }
  return undefined;
}

async function open(options: SandboxOptions): Promise<Sandbox> {
  try {
    return await startSandbox(options);
  } catch (cause) {
    throw new PortError("cannot_listen", `The sandbox cannot listen on port ${options.port}.`, {
      hint: "Leave --port out to take any free port.",
      cause,
    });
  }
}
