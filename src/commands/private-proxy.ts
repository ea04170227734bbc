/** A proxy for one tool: any free port, and a key that nobody else has. */
import { unlimitedKey } from "../keys/accepted.ts";
import type { BoundPort } from "../proxy/port.ts";
import { type Proxy as RunningProxy, startProxy } from "../proxy/server.ts";
import { ledgerFor } from "./ledger.ts";
import { createKey } from "./local-key.ts";
import { proxyOptions } from "./proxy-options.ts";
import { rateBookFor } from "./rates.ts";
import type { Session } from "./session.ts";
import type { Context } from "./types.ts";

export interface PrivateProxy extends RunningProxy {
  key: string;
}

/** @param at a port that is bound already, and the key that was told for it. */
export async function privateProxy(
  session: Session,
  context: Pick<Context, "env" | "log" | "version">,
  { port = 0, key = createKey() }: { port?: BoundPort | 0; key?: string } = {},
): Promise<PrivateProxy> {
  const ledger = ledgerFor(context, session.settings, {
    launcher: true,
    rates: rateBookFor(session, context.log),
  });
  const proxy = await startProxy({
    port,
    keys: [unlimitedKey("one-time", key)],
    ...proxyOptions(context, session),
    ...ledger.recorded,
  });
  const close = async (how?: { drain?: number }) => {
    await proxy.close(how);
    await ledger.close();
  };
  return { ...proxy, key, close };
}
