/** What every proxy of this program is started with, whichever command starts it. */
import type { ProxyOptions } from "../proxy/server.ts";
import type { Session } from "./session.ts";
import type { Context } from "./types.ts";

export function proxyOptions(
  { log, version }: Pick<Context, "log" | "version">,
  { settings, catalog, clients }: Session,
): Pick<ProxyOptions, "catalog" | "clients" | "log" | "version" | "timing" | "shareOf" | "affinity"> {
  return {
    catalog,
    clients,
    log,
    version,
    timing: {
      commitAfter: settings.value("server.earlyCommit") * 1_000,
      upstreamIdle: settings.value("server.idle") * 1_000,
    },
    shareOf(profile) {
      const { weight = 1, priority = 1 } = settings.profile(profile) ?? {};
      return { weight, priority };
    },
    affinity: () => settings.value("routing.affinity"),
  };
}
