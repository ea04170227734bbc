/**
 * The proxy of a tool whose models are known from the last time: its port is bound at once, so that the tool starts while
 * the server loads and SAP is asked. Its first requests wait at the port.
 */
import { modelsIn } from "../catalog/model.ts";
import { resolveModel } from "../catalog/resolve.ts";
import type { Snapshot } from "../catalog/snapshot.ts";
import { loadSettings } from "../config/settings.ts";
import { asAicoreError } from "../errors.ts";
import { unlimitedKey } from "../keys/accepted.ts";
import { type BoundPort, bindPort } from "../proxy/port.ts";
import { keepCatalogue } from "./catalogue-cache.ts";
import { createKey } from "./local-key.ts";
import type { Models } from "./model-finder.ts";
import { DRAIN, type ToolProxy } from "./tool-proxy.ts";
import type { Context } from "./types.ts";

interface Serving {
  close(): Promise<void>;
}

/** While its tool runs, nothing is said: the terminal is the tool's. */
export async function earlyProxy(context: Context, known: Snapshot): Promise<ToolProxy> {
  const models = lookUpIn(known, context);
  const bound = await bindPort({ port: 0 });
  const key = createKey();
  const ended = new AbortController();
  let standIns: Readonly<Record<string, string>> = {};
  let serving: Promise<Serving> | undefined;
  return {
    url: bound.url,
    key,
    models,
    profiles: known.profiles,
    warnings: known.warnings,
    standIn(names) {
      standIns = names;
    },
    onRunning() {
      context.out.hold();
      serving = serve({ bound, key, standIns, told: known.warnings, ended: ended.signal }, context);
    },
    async close() {
      ended.abort();
      await (await serving)?.close();
      bound.close();
      context.out.release();
    },
  };
}

function lookUpIn(known: Snapshot, { env }: Context): Models {
  const models = modelsIn(known);
  const settings = loadSettings(env);
  const options = { aliases: settings.aliases, strict: settings.value("models.strict") };
  return { models: () => models, resolve: async (name) => resolveModel(name, models, options) };
}

interface Early {
  bound: BoundPort;
  key: string;
  standIns: Readonly<Record<string, string>>;
  told: readonly string[];
  /** Fires when the tool has ended, perhaps before all of this is there. */
  ended: AbortSignal;
}

/** Never rejects: what goes wrong is told to the tool's requests, and to the user once the tool has ended. */
async function serve(early: Early, context: Context): Promise<Serving> {
  try {
    return await open(early, context);
  } catch (error) {
    const { message, hint } = asAicoreError(error);
    context.out.warn([message, hint].filter((text) => text !== undefined).join(" "));
    const { refuseAll } = await import("../proxy/refuse.ts");
    refuseAll(early.bound, [unlimitedKey("one-time", early.key)], error, context.log);
    return { close: async () => {} };
  }
}

async function open({ bound, key, standIns, told, ended }: Early, context: Context): Promise<Serving> {
  const { openSession } = await import("./session.ts");
  const session = await openSession(context, { pool: true, told });
  if (ended.aborted) return session;
  session.catalog.standIn(standIns);
  const found = session.catalog.refresh().then(
    () => keepCatalogue(context, session),
    () => {}, // The catalogue has logged it, and asks again for the first request.
  );
  const { privateProxy } = await import("./private-proxy.ts");
  const proxy = await privateProxy(session, context, { port: bound, key });
  return {
    async close() {
      await proxy.close({ drain: DRAIN });
      await session.close();
      await found;
    },
  };
}
