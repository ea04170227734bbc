/** A proxy for one tool: any free port, and a key that nobody else has. */
import type { Logger } from "../log.ts";
import { type Proxy as RunningProxy, startProxy } from "../proxy/server.ts";
import { createKey } from "./local-key.ts";
import type { Session } from "./session.ts";

export interface PrivateProxy extends RunningProxy {
  key: string;
}

export async function privateProxy(
  { catalog, client }: Session,
  { log, version }: { log: Logger; version: string },
): Promise<PrivateProxy> {
  const key = createKey();
  const proxy = await startProxy({ port: 0, keys: [key], catalog, clients: [client], log, version });
  return { ...proxy, key };
}
