/** The environment of a program that we start. */
import type { Launch } from "./types.ts";

/** Credentials and keys of ours: the tool gets its own key, and its shell commands need none of these. */
const OURS = [
  /^AICORE_(SERVICE_KEY|API_KEYS)$/i,
  /^AICORE_(CLIENT|CERT|KEY|PASSPHRASE)_\w+$/i,
  /^VCAP_SERVICES$/i,
];

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];

/** The user's environment without our secrets (where it may not keep them) and what the launch removes, its variables on top. */
export function childEnvironment(env: NodeJS.ProcessEnv, launch: Launch): NodeJS.ProcessEnv {
  const secrets = launch.keepsCredentials ? [] : OURS;
  const kept = Object.entries(env).filter(
    ([name]) => !secrets.some((secret) => secret.test(name)) && !launch.removed.includes(name),
  );
  return { ...Object.fromEntries(kept), ...variablesOf(env, launch) };
}

/** All that must be set: the launch's own variables, and loopback never proxied. */
export function variablesOf(env: NodeJS.ProcessEnv, launch: Launch): Record<string, string> {
  return { ...launch.variables, ...loopbackBypass(env) };
}

/**
 * NO_PROXY in both spellings, since programs read one or the other: what was set, plus loopback. A tool behind a
 * company proxy would otherwise send its calls to us through it.
 */
function loopbackBypass(env: NodeJS.ProcessEnv): Record<"NO_PROXY" | "no_proxy", string> {
  const set = `${env.NO_PROXY ?? ""},${env.no_proxy ?? ""}`.split(/[\s,]+/).filter(Boolean);
  const hosts = [...new Set([...set, ...LOOPBACK])].join(",");
  return { NO_PROXY: hosts, no_proxy: hosts };
}
