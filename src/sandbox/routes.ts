/** Which part of SAP a path belongs to, and what the gateway in front of them all asks for. */
import type { Json } from "../hub/json.ts";
import { type Answer, refused, text } from "./answer.ts";
import type { PromptCache } from "./claude/prompt-cache.ts";
import { infer, type Temper } from "./inference.ts";
import { manage } from "./management.ts";
import type { Memory } from "./openai-compatible/memory.ts";
import type { RequestKind, RequestRecord } from "./request-log.ts";
import type { Tenant } from "./tenant.ts";
import type { Tokens } from "./tokens.ts";

/** All that the routes stand on. */
export interface World {
  tenant: Tenant;
  tokens: Tokens;
  promptCache: PromptCache;
  memory: Memory;
  temper: Temper;
  pageSize: number;
  /** `http://127.0.0.1:PORT`; known once the server listens. */
  baseUrl: () => string;
}

/** Deployment id, and all that follows: a query of the client's is no part of any path that SAP knows. */
const INFERENCE = /^\/v2\/inference\/deployments\/([^/?]+)(.*)$/;

const KINDS: readonly [RegExp, RequestKind][] = [
  [/^\/oauth\/token(\?|$)/, "token"],
  [INFERENCE, "inference"],
  [/^\/v2\/(lm|admin)\//, "management"],
];

/** What a path is about; the deployment only when there is one. */
export function addressOf(
  { tenant }: World,
  path: string,
): Pick<RequestRecord, "kind" | "deployment" | "model"> {
  const kind = KINDS.find(([pattern]) => pattern.test(path))?.[1] ?? "other";
  const id = INFERENCE.exec(path)?.[1];
  const { model } = tenant.deployments.find((one) => one.id === id) ?? {};
  return { kind, ...(id === undefined ? {} : { deployment: id }), ...(model === undefined ? {} : { model }) };
}

export function route(world: World, record: RequestRecord): Answer {
  const { tenant, tokens, promptCache, memory, temper, pageSize } = world;
  const { kind, method, headers, body } = record;
  const { pathname, searchParams: query } = new URL(record.path, world.baseUrl());
  if (kind === "token") {
    const { authorization, "content-type": contentType = "" } = headers;
    return tokens.answer({ method, query, authorization, contentType, body });
  }
  if (kind === "other") return refused(text(404, "Not Found"), `no route ${method} ${record.path}`);

  const complaint = tokens.complaint(headers.authorization);
  if (complaint !== undefined) return complaint;
  const group = String(headers["ai-resource-group"] ?? "");
  const path = pathname.slice("/v2".length);
  if (!path.startsWith("/admin/") && !tenant.groups.includes(group)) {
    return refused(text(403, "RBAC: access denied"), `no resource group "${group}"`);
  }
  if (kind === "management") {
    const baseUrl = world.baseUrl();
    return manage({ method, path, query, body: jsonIn(body), group, tenant, baseUrl, pageSize });
  }
  const [, id, subpath = ""] = INFERENCE.exec(record.path) ?? [];
  const deployment = tenant.deployments.find((one) => one.id === id && one.group === group);
  return infer({ method, subpath, headers, body, promptCache, memory, temper }, deployment);
}

function jsonIn(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return undefined;
  }
}
