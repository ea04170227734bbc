/** A company network: SAP behind TLS of a private authority, reached through a proxy that wants a password. */
import { onTestFinished } from "vitest";
import type { NetworkOptions } from "../../src/aicore/network.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { pem } from "../aicore/servers.ts";
import { type ConnectProxy, connectProxy } from "../support/connect-proxy.ts";
import { type Stack, startFront } from "../support/stack.ts";

/** Both halves percent-encoded, both never to be seen again. */
export const CREDENTIALS = "canary%40corp:canary%3Asecret";
export const SENT = `Basic ${Buffer.from("canary@corp:canary:secret").toString("base64")}`;

export interface Company {
  sandbox: Sandbox;
  gate: ConnectProxy;
}

/** SAP calls itself sap.invalid: no DNS knows it, only the proxy leads there. */
export async function company(): Promise<Company> {
  const tls = { cert: pem("sap"), key: pem("leaf-key") };
  const sandbox = await startSandbox({ tls, hostname: "sap.invalid" });
  onTestFinished(() => sandbox.close());
  return { sandbox, gate: await connectProxy({ tunnel: sandbox.port }) };
}

/** Our proxy in that network, its models found already. */
export async function companyStack(network: NetworkOptions = {}): Promise<Stack & Company> {
  const place = await company();
  const front = await startFront(place.sandbox.serviceKey, {
    network: { httpsProxy: place.gate.url(CREDENTIALS), extraCa: [pem("ca")], ...network },
  });
  onTestFinished(() => front.close());
  await front.catalog.refresh();
  return { ...front, ...place };
}
