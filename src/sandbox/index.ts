/**
 * A simulated SAP AI Core on loopback: OAuth, the management API, and Claude on Bedrock, as strict as the real one
 * and with replies that follow a script. For tests, for `aicore demo`, and for work without a tenant.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "../hub/json.ts";
import { PromptCache } from "./claude/prompt-cache.ts";
import { control } from "./control.ts";
import { DEFAULT_TENANT } from "./default-tenant.ts";
import { Faults } from "./faults.ts";
import { Memory } from "./openai-compatible/memory.ts";
import { RequestLog, type RequestRecord } from "./request-log.ts";
import { createSandboxServer } from "./server.ts";
import { type SandboxDeployment, Tenant } from "./tenant.ts";
import { Tokens } from "./tokens.ts";

export type { Fault, Faults } from "./faults.ts";
export type { RequestRecord } from "./request-log.ts";
export type { SandboxDeployment } from "./tenant.ts";

export interface SandboxOptions {
  /** Default 0: any free one. */
  port?: number;
  /** PEM: speaks https with this certificate. */
  tls?: { cert: string | Buffer; key: string | Buffer };
  /** How it calls itself in its URLs, for those who reach it through a proxy; it listens on 127.0.0.1 all the same. */
  hostname?: string;
  clientId?: string;
  clientSecret?: string;
  /** A token call with the client id and no secret is enough, as with a client certificate. */
  certificate?: boolean;
  /** Seconds; default 43199, as SAP's. */
  tokenLifetime?: number;
  /** Default: a tenant with two resource groups that shows every oddity of live ones. */
  deployments?: readonly SandboxDeployment[];
  /** Rows that a management list gives at most; default 1000. */
  pageSize?: number;
  /** Milliseconds between the events of a stream; default 0. */
  pace?: number;
  /** Milliseconds that a new deployment takes to be RUNNING; default 200. */
  provisioning?: number;
  /** Betas to refuse although the general list has them: for clients that learn from a refusal. */
  unknownBetas?: readonly string[];
  /** `false`: the models never call a tool, the negative control of a test that proves a tool run. */
  callsTools?: boolean;
}

/** What one inference answer reported, once it had gone out whole. */
export interface UsageRecord {
  /** Milliseconds since the epoch. */
  at: number;
  deployment: string;
  model: string;
  /** As in the answer: `input_tokens`, `cache_read_input_tokens`, … */
  usage: JsonObject;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, or with `tls` `https://…`. */
  url: string;
  port: number;
  /** The service key of this tenant. */
  serviceKey: JsonObject;
  /** Everything received, oldest first (the last 2,000). */
  requests: RequestRecord[];
  /** What the strictness refused; injected faults and dead tokens are not in it. */
  refused: RequestRecord[];
  usage: UsageRecord[];
  faults: Faults;
  /** Every token issued so far is refused with 401 from now on. */
  revokeTokens(): void;
  /** The first record that matches, there already or still to come; also called when a record changes. */
  waitFor(predicate: (record: RequestRecord) => boolean): Promise<RequestRecord>;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const CLIENT_ID = "sb-5ad0b0c5-0000-4000-8000-000000000000!b1234|aicore!b540";
/** With the characters that shells and dotenv files like to swallow (protocol 7.1). */
const CLIENT_SECRET = "sandbox-secret$Ab+3=/";

/** Listens on 127.0.0.1 only. Throws what `listen` throws when the port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clientId = CLIENT_ID, clientSecret = CLIENT_SECRET } = options;
  let url = "";
  const log = new RequestLog();
  const faults = new Faults();
  const usage: UsageRecord[] = [];
  const tokens = new Tokens({
    clientId,
    clientSecret,
    lifetime: options.tokenLifetime ?? 43_199,
    certificate: options.certificate ?? false,
    issuer: () => `${url}/oauth/token`,
  });
  const levers = {
    requests: log.requests,
    refused: log.refused,
    usage,
    faults,
    revokeTokens: () => tokens.revoke(),
  };
  const server = createSandboxServer({
    tenant: new Tenant(options.deployments ?? DEFAULT_TENANT, options.provisioning ?? 200),
    tokens,
    faults,
    log,
    promptCache: new PromptCache(),
    memory: new Memory(),
    temper: { unknownBetas: options.unknownBetas ?? [], callsTools: options.callsTools ?? true },
    pageSize: options.pageSize ?? 1_000,
    pace: options.pace ?? 0,
    baseUrl: () => url,
    noteUsage: ({ deployment = "", model = "" }, reported) =>
      usage.push({ at: Date.now(), deployment, model, usage: reported }),
    control: (method, path, body) => control(method, path, body, levers),
    tls: options.tls,
  });
  server.listen(options.port ?? 0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  url = `${options.tls ? "https" : "http"}://${options.hostname ?? HOST}:${port}`;

  return {
    ...levers,
    url,
    port,
    serviceKey: serviceKeyOf(url, clientId, clientSecret),
    waitFor: (predicate) => log.waitFor(predicate),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function serviceKeyOf(url: string, clientId: string, clientSecret: string): JsonObject {
  return {
    serviceurls: { AI_API_URL: url },
    appname: "5ad0b0c5-0000-4000-8000-000000000000!b1234|aicore!b540",
    clientid: clientId,
    clientsecret: clientSecret,
    identityzone: "sandbox",
    identityzoneid: "5ad0b0c5-1111-4111-8111-111111111111",
    url,
    "credential-type": "binding-secret",
  };
}
