import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** The modules one by one, as `npm run build` leaves them for tests. */
const BUILD = new URL("../../build/", import.meta.url).href;

/** What a program wrote and how it ended. */
export interface Ended {
  stdout: string;
  stderr: string;
  code: number | null;
}

/**
 * Starts this Node on a few lines of a module. `BUILD` in them is the URL of the built modules, `argument` what is handed
 * over.
 */
export function startScript(script: string, argument: unknown, flags: string[] = []): ChildProcess {
  const preamble = `const BUILD = ${JSON.stringify(BUILD)}; const argument = ${JSON.stringify(argument)};`;
  return spawn(process.execPath, [...flags, "--input-type=module", "-e", preamble + script], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export async function runScript(script: string, argument: unknown, flags: string[] = []): Promise<Ended> {
  const child = startScript(script, argument, flags);
  const [stdout, stderr] = [collected(child.stdout), collected(child.stderr)];
  const [code] = (await once(child, "close")) as [number | null];
  return { stdout: stdout(), stderr: stderr(), code };
}

function collected(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}
