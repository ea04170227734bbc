/** `aicore sandbox`: the simulated SAP AI Core, standing alone until a signal ends it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePrivateFile } from "../config/private-file.ts";
import { PortError } from "../errors.ts";
import { type Sandbox, startSandbox } from "../sandbox/index.ts";
import { portFrom } from "./numbers.ts";
import { untilAsked } from "./signals.ts";
import type { Context } from "./types.ts";

export async function run({ out }: Context, _args: string[], options: { port?: string }): Promise<undefined> {
  const port = options.port === undefined ? 0 : portFrom(options.port, "--port");
  const asked = untilAsked();
  const sandbox = await open(port);
  const folder = mkdtempSync(join(tmpdir(), "aicore-sandbox-"));
  const path = join(folder, "service-key.json");
  try {
    writePrivateFile(path, `${JSON.stringify(sandbox.serviceKey, null, 2)}\n`);
    const { url } = sandbox;
    if (out.json) out.event({ event: "ready", url, port: sandbox.port, pid: process.pid, service_key: path });
    else out.result(path);
    out.say(`A simulated SAP AI Core runs on ${url}; its service key is in the file above. Ctrl-C ends it.`);
    out.say(`Try it in another terminal:  AICORE_SERVICE_KEY="$(cat ${path})" aicore claude`);
    await asked;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await sandbox.close();
  }
  return undefined;
}

async function open(port: number): Promise<Sandbox> {
  try {
    return await startSandbox({ port });
  } catch (cause) {
    throw new PortError("cannot_listen", `The sandbox cannot listen on port ${port}.`, {
      hint: "Leave --port out to take any free port.",
      cause,
    });
  }
}
