/** Who holds a port that could not be bound. */
import type { Paths } from "../config/paths.ts";
import { PortError } from "../errors.ts";
import { aicoreVersionAt } from "./ask-proxy.ts";
import { runningProxies } from "./running.ts";

/** The error for `host`:`port`: an aicore of ours with its process, an aicore of somebody else, or a stranger. */
export async function busyPort(host: string, port: number, paths: Paths): Promise<PortError> {
  const own = runningProxies(paths).find((proxy) => proxy.port === port);
  for (const url of urlsOf(host, port, own?.url)) {
    if (await aicoreVersionAt(url, own?.certificate)) return alreadyRunning(new URL(url).host, own?.pid);
  }
  return new PortError("port_in_use", `Port ${port} is used by another program.`, {
    hint: "Use --port with another number, or --port 0 for any free one.",
  });
}

/** A wildcard collides with whoever holds the port at any address; loopback and our own notes are worth a question. */
function urlsOf(host: string, port: number, noted: string | undefined): string[] {
  const name = host.includes(":") ? `[${host}]` : host;
  const loopback = { "0.0.0.0": ["127.0.0.1"], "[::]": ["127.0.0.1", "[::1]"] }[name];
  const own = noted?.startsWith("https:") || loopback ? noted : undefined;
  return [
    ...(own === undefined ? [] : [own]),
    ...(loopback ?? [name]).map((each) => `http://${each}:${port}`),
  ];
}

function alreadyRunning(address: string, pid: number | undefined): PortError {
  const process = pid === undefined ? "" : ` (pid ${pid})`;
  return new PortError("already_running", `aicore is already running on ${address}${process}.`, {
    hint:
      pid === undefined
        ? "It belongs to another user or another AICORE_CLI_HOME. Start this one with --port 0."
        : "Use it (aicore env), stop it, or start this one with --port 0.",
  });
}
