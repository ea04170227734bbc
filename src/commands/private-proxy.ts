/** A proxy for one tool: any free port, and a key that nobody else has. */
import { type Proxy as RunningProxy, startProxy } from "../proxy/server.ts";
import { createKey } from "./local-key.ts";
import { proxyOptions } from "./proxy-options.ts";
import type { Session } from "./session.ts";
import type { Context } from "./types.ts";

export interface PrivateProxy extends RunningProxy {
  key: string;
}

export async function privateProxy(
  session: Session,
  context: Pick<Context, "log" | "version">,
): Promise<PrivateProxy> {
  const key = createKey();
  const proxy = await startProxy({ port: 0, keys: [key], ...proxyOptions(context, session) });
  return { ...proxy, key };
}
