/** The proxy of a tool when nothing is known yet: SAP is asked before the tool starts. */
import { keepCatalogue } from "./catalogue-cache.ts";
import { privateProxy } from "./private-proxy.ts";
import { openSession } from "./session.ts";
import { DRAIN, type ToolProxy } from "./tool-proxy.ts";
import type { Context } from "./types.ts";

/** @throws what `openSession` and the discovery do. */
export async function lateProxy(context: Context): Promise<ToolProxy> {
  const session = await openSession(context, { pool: true });
  const { catalog, clients } = session;
  const proxy = await privateProxy(session, context);
  const close = async () => {
    await proxy.close({ drain: DRAIN });
    await session.close();
  };
  try {
    await context.out.during("Looking at the deployments", () => catalog.refresh());
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: proxy.url,
    key: proxy.key,
    models: catalog,
    profiles: clients.map(({ tenant }) => tenant.profile),
    warnings: [],
    standIn: (names) => catalog.standIn(names),
    onRunning: () => keepCatalogue(context, session),
    close,
  };
}
