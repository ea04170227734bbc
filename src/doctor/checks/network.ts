/** The way to SAP: corporate proxy, names, TLS, clocks. */
import { connect } from "node:net";
import { type Check, fail, failureFrom, type Outcome, ok, summed, warn } from "../check.ts";
import type { Facts, Probe } from "../facts.ts";

const CONNECT_TIMEOUT = 5_000;
const CHECK_NETWORK = "Check the network, the VPN and HTTPS_PROXY.";

export const NETWORK: readonly Check[] = [
  { id: "proxy", title: "Corporate proxy", needs: ["settings"], fix: CHECK_NETWORK, run: proxyOutcome },
  { id: "dns", title: "Names", needs: ["credentials", "proxy"], run: dnsOutcome },
  { id: "connection", title: "Connection and TLS", needs: ["dns"], run: connectionOutcome },
  { id: "clock", title: "Clock", needs: ["connection"], run: clockOutcome },
];

/** Variables that cannot be used throw. A proxy that wants a password says so only when it is asked for a host. */
async function proxyOutcome(facts: Facts): Promise<Outcome> {
  const { httpsProxy, httpProxy, extraCa } = facts.networkEnvironment();
  const proxy = httpsProxy ?? httpProxy;
  const trusted = extraCa ? ["extra certificate authorities are trusted"] : [];
  if (!proxy) return ok("none set; calls go out directly", trusted);
  const { hostname, port, protocol } = new URL(proxy);
  const host = hostname.replace(/^\[|\]$/g, "");
  const masked = `${protocol}//${hostname}:${portOf(port, protocol)}`;
  const problem = await whyUnreachable(host, portOf(port, protocol));
  if (problem) {
    return fail(
      `The proxy ${masked} cannot be reached (${problem}).`,
      "Correct or unset HTTPS_PROXY; is the VPN on?",
    );
  }
  return ok(`${masked} answers`, trusted);
}

function portOf(port: string, protocol: string): number {
  return Number(port) || (protocol === "https:" ? 443 : 80);
}

function whyUnreachable(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT });
    const settle = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once("connect", () => settle());
    socket.once("timeout", () => settle("no answer within 5 s"));
    socket.once("error", (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
  });
}

async function dnsOutcome(facts: Facts): Promise<Outcome> {
  const urls = await endpoints(facts);
  const direct = urls.filter((url) => facts.network().proxyFor(url) === undefined);
  const hosts = [...new Set(direct.map(({ hostname }) => hostname))];
  const findings = await Promise.all(hosts.map((host) => whyUnresolved(host, facts)));
  const names = [...new Set(urls.map(({ hostname }) => hostname))].join(", ");
  return summed(
    findings.filter((finding) => finding !== undefined),
    ok(direct.length > 0 ? names : `${names}: left to the proxy`),
  );
}

async function whyUnresolved(host: string, facts: Facts): Promise<Outcome | undefined> {
  try {
    await facts.resolveHost(host.replace(/^\[|\]$/g, ""));
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const what =
      code === "ENOTFOUND" ? "the name does not exist" : `the name could not be resolved (${code})`;
    return fail(
      `Cannot find ${host}: ${what}.`,
      "The host comes from the service key: compare it with the one in the BTP cockpit. If it is right, check the network, the VPN and HTTPS_PROXY.",
    );
  }
}

async function connectionOutcome(facts: Facts): Promise<Outcome> {
  const urls = await endpoints(facts);
  const findings = await Promise.all(
    urls.map((url) => facts.probe(url.href).then(() => undefined, asFailure)),
  );
  const secure = urls.every(({ protocol }) => protocol === "https:");
  return summed(
    findings.filter((finding) => finding !== undefined),
    ok(secure ? "both hosts answer, certificates trusted" : "both hosts answer, without TLS (loopback)"),
  );
}

function asFailure(error: unknown): Outcome {
  return failureFrom(error, CHECK_NETWORK);
}

const MINUTE = 60_000;

async function clockOutcome(facts: Facts): Promise<Outcome> {
  const urls = await endpoints(facts);
  const probes = await Promise.all(urls.map((url) => facts.probe(url.href)));
  const skews = probes.map(skewOf).filter((skew) => skew !== undefined);
  if (skews.length === 0) return ok("SAP told no time");
  return skewOutcome(skews.reduce((worst, skew) => (Math.abs(skew) > Math.abs(worst) ? skew : worst), 0));
}

/** Milliseconds that this machine is ahead. */
function skewOf({ date, at }: Probe): number | undefined {
  const told = Date.parse(date ?? "");
  return Number.isNaN(told) ? undefined : at - told;
}

/** Tokens say by the minute when they begin and end: more than a little and SAP refuses them, or we keep dead ones. */
export function skewOutcome(ahead: number): Outcome {
  const size = Math.abs(ahead);
  if (size <= MINUTE) return ok("within a minute of SAP's");
  const message = `This machine's clock is ${duration(size)} ${ahead > 0 ? "ahead of" : "behind"} SAP's.`;
  const fix =
    "Switch automatic time on (Linux: `timedatectl set-ntp true`; WSL after sleep: `sudo hwclock -s`).";
  return size > 5 * MINUTE ? fail(message, fix) : warn(message, fix);
}

function duration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / MINUTE);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** Where tokens come from, and a path of the API that asks for one: both answer anybody, if only with a refusal. */
async function endpoints(facts: Facts): Promise<URL[]> {
  const { tokenUrl, apiUrl } = (await facts.tenant()).credentials;
  return [new URL(tokenUrl), new URL(`${apiUrl}/v2/lm/deployments`)];
}
