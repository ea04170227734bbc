/** The management API under `/v2`: a table of routes over the tenant (protocol 3). */
import { isObject, type Json, type JsonObject } from "../hub/json.ts";
import { json, lmError, type PlainAnswer, refused, text } from "./answer.ts";
import { CATALOGUE, isRetired } from "./catalogue.ts";
import { type ConfigurationDraft, faultIn, readDraft } from "./configuration-rules.ts";
import { deploymentView } from "./deployment-view.ts";
import { type Configuration, type Deployment, statusOf, type Tenant } from "./tenant.ts";

export interface ManagementCall {
  method: string;
  /** Below `/v2`. */
  path: string;
  query: URLSearchParams;
  body: Json | undefined;
  /** Of the `AI-Resource-Group` header: known to exist, except on `/admin`, which needs none. */
  group: string;
  tenant: Tenant;
  baseUrl: string;
  /** Rows in one page at most. */
  pageSize: number;
}

/** SAP's own limit on a list (SAP-docs issue 94). */
const MOST_ROWS = 1_000;
const TTL = /^[0-9]+[mMhHdD]$/;
/** Codes that SAP documents: a change that the state forbids, and a configuration that is not there. */
const WRONG_STATE = "01010076";
const WRONG_CONFIGURATION = "01510003";
/** Codes that no source shows: the shape is right, the number is ours. */
const BAD_REQUEST = "01010001";
const NOT_FOUND = "01010004";

type Handler = (call: ManagementCall, id: string) => PlainAnswer;

const ROUTES: readonly [method: string, pattern: RegExp, handler: Handler][] = [
  ["GET", /^\/lm\/deployments$/, listDeployments],
  ["POST", /^\/lm\/deployments$/, createDeployment],
  ["GET", /^\/lm\/deployments\/\$count$/, countDeployments],
  ["GET", /^\/lm\/deployments\/([^/]+)$/, onDeployment(showDeployment)],
  ["PATCH", /^\/lm\/deployments\/([^/]+)$/, onDeployment(changeDeployment)],
  ["DELETE", /^\/lm\/deployments\/([^/]+)$/, onDeployment(deleteDeployment)],
  ["GET", /^\/lm\/configurations$/, listConfigurations],
  ["POST", /^\/lm\/configurations$/, createConfiguration],
  ["GET", /^\/lm\/configurations\/([^/]+)$/, showConfiguration],
  ["GET", /^\/lm\/scenarios$/, listScenarios],
  ["GET", /^\/lm\/scenarios\/foundation-models\/models$/, () => json(200, CATALOGUE)],
  ["GET", /^\/admin\/resourceGroups$/, listGroups],
];

export function manage(call: ManagementCall): PlainAnswer {
  for (const [method, pattern, handler] of ROUTES) {
    const match = pattern.exec(call.path);
    if (match !== null && method === call.method) return handler(call, match[1] ?? "");
  }
  return refused(text(404, "Not Found"), `no management route ${call.method} ${call.path}`);
}

function listDeployments(call: ManagementCall): PlainAnswer {
  return page(
    call,
    filtered(call).map((one) => deploymentView(one, call.baseUrl)),
  );
}

function countDeployments(call: ManagementCall): PlainAnswer {
  return text(200, String(filtered(call).length));
}

function filtered({ tenant, group, query }: ManagementCall): Deployment[] {
  const wanted = (name: string, value: string) => (query.get(name) ?? value) === value;
  const executables = query.get("executableIds")?.split(",");
  return tenant.deployments.filter(
    (one) =>
      one.group === group &&
      wanted("scenarioId", one.configuration.scenarioId) &&
      wanted("configurationId", one.configuration.id) &&
      wanted("status", statusOf(one)) &&
      (executables?.includes(one.executable) ?? true),
  );
}

function page(call: ManagementCall, rows: JsonObject[]): PlainAnswer {
  const top = Number(call.query.get("$top") ?? call.pageSize);
  const skip = Number(call.query.get("$skip") ?? 0);
  if (!Number.isInteger(top) || !Number.isInteger(skip) || top < 0 || skip < 0) {
    return complain(call, 400, BAD_REQUEST, "Invalid Request, $top and $skip must be natural numbers.");
  }
  if (top > MOST_ROWS) {
    const message = `Result set exceeds the maximum of ${MOST_ROWS} rows. Use $top and $skip`;
    return complain(call, 413, BAD_REQUEST, message);
  }
  const resources = rows.slice(skip, skip + Math.min(top, call.pageSize));
  return json(200, { count: rows.length, resources });
}

function createDeployment(call: ManagementCall): PlainAnswer {
  const body = isObject(call.body) ? call.body : {};
  const { configurationId, ttl } = body;
  const configuration = findConfiguration(call, configurationId);
  if (configuration === undefined) {
    return complain(call, 400, WRONG_CONFIGURATION, "Invalid Request, configuration does not exist.");
  }
  if (ttl !== undefined && (typeof ttl !== "string" || !TTL.test(ttl))) {
    return complain(call, 400, BAD_REQUEST, `Invalid Request, ttl must match ${TTL.source}.`);
  }
  const fault = faultIn(configuration);
  if (fault !== undefined) return complain(call, 400, WRONG_CONFIGURATION, `Invalid Request, ${fault}.`);
  const { id } = call.tenant.deploy(call.group, configuration, { ttl, dies: deathOf(configuration) });
  return json(202, { deploymentUrl: "", id, message: "Deployment scheduled.", status: "UNKNOWN" });
}

/** What ends a deployment before it runs: a version whose time is over. */
function deathOf({ parameterBindings }: ConfigurationDraft): string | undefined {
  const bound = (key: string) => parameterBindings.find((one) => one.key === key)?.value;
  const retired = isRetired(bound("modelName") ?? "", bound("modelVersion") ?? "latest");
  return retired ? "Model version is retired" : undefined;
}

function showDeployment(call: ManagementCall, deployment: Deployment): PlainAnswer {
  const view = deploymentView(deployment, call.baseUrl);
  if (call.query.get("$select") === "status") return json(200, { status: statusOf(deployment) });
  return json(200, { ...view, statusDetails: {} });
}

/** One of the two: the target status STOPPED, the only one that may be set, or another configuration. */
function changeDeployment(call: ManagementCall, deployment: Deployment): PlainAnswer {
  const body = isObject(call.body) ? call.body : {};
  const { targetStatus, configurationId } = body;
  if (targetStatus !== undefined && targetStatus !== "STOPPED") {
    return complain(call, 400, BAD_REQUEST, "Invalid Request, targetStatus must be STOPPED.");
  }
  const status = statusOf(deployment);
  if (status !== "RUNNING" && status !== "PENDING") {
    const message = `Invalid Request, Current status ${status} cannot be changed..`;
    return complain(call, 400, WRONG_STATE, message);
  }
  if (targetStatus === "STOPPED") call.tenant.stop(deployment);
  else {
    const configuration = findConfiguration(call, configurationId);
    if (configuration === undefined) {
      return complain(call, 400, WRONG_CONFIGURATION, "Invalid Request, configuration does not exist.");
    }
    const fault = faultIn(configuration);
    if (fault !== undefined) return complain(call, 400, WRONG_CONFIGURATION, `Invalid Request, ${fault}.`);
    call.tenant.reconfigure(deployment, configuration);
  }
  return json(202, { id: deployment.id, message: "Deployment modification scheduled" });
}

function deleteDeployment(call: ManagementCall, deployment: Deployment): PlainAnswer {
  const status = statusOf(deployment);
  if (!["STOPPED", "UNKNOWN", "DEAD"].includes(status)) {
    return complain(call, 400, WRONG_STATE, `Invalid Request, Current status ${status} cannot be deleted.`);
  }
  call.tenant.remove(deployment);
  return json(202, { id: deployment.id, message: "Deployment deletion scheduled" });
}

function listConfigurations(call: ManagementCall): PlainAnswer {
  const { query } = call;
  const scenario = query.get("scenarioId");
  const executables = query.get("executableIds")?.split(",");
  const rows = call.tenant
    .configurationsOf(call.group)
    .filter((one) => scenario === null || one.scenarioId === scenario)
    .filter((one) => executables?.includes(one.executableId) ?? true);
  return page(call, rows.map(configurationView));
}

function createConfiguration(call: ManagementCall): PlainAnswer {
  const draft = readDraft(call.body);
  if (typeof draft === "string") return complain(call, 400, BAD_REQUEST, `Invalid Request, ${draft}.`);
  const { id } = call.tenant.configure(call.group, draft);
  return json(201, { id, message: "Configuration created" });
}

function showConfiguration(call: ManagementCall, id: string): PlainAnswer {
  const configuration = findConfiguration(call, id);
  return configuration === undefined
    ? complain(call, 404, NOT_FOUND, "Configuration not found.")
    : json(200, configurationView(configuration));
}

function findConfiguration(call: ManagementCall, id: Json | undefined): Configuration | undefined {
  return call.tenant.configurationsOf(call.group).find((one) => one.id === id);
}

function configurationView(configuration: Configuration): JsonObject {
  return { ...configuration, inputArtifactBindings: [] };
}

function listScenarios(call: ManagementCall): PlainAnswer {
  const scenario = (id: string, name: string) => ({ id, name, description: name, labels: [] });
  return page(call, [
    scenario("foundation-models", "Foundation Models"),
    scenario("orchestration", "Orchestration"),
  ]);
}

function listGroups({ tenant }: ManagementCall): PlainAnswer {
  const resources = tenant.groups.map((resourceGroupId) => ({
    resourceGroupId,
    tenantId: "5ad0b0c5-1111-4111-8111-111111111111",
    zoneId: "",
    createdAt: "2025-10-01T06:00:00Z",
    status: "PROVISIONED",
    statusMessage: "",
    servicePlan: "extended",
    labels: [],
  }));
  return json(200, { count: resources.length, resources });
}

function onDeployment(handler: (call: ManagementCall, deployment: Deployment) => PlainAnswer): Handler {
  return (call, id) => {
    const deployment = call.tenant.deployments.find((one) => one.id === id && one.group === call.group);
    return deployment === undefined
      ? complain(call, 404, NOT_FOUND, "Deployment not found.")
      : handler(call, deployment);
  };
}

function complain(call: ManagementCall, status: number, code: string, message: string): PlainAnswer {
  const answer = lmError(status, code, message, `/api/v2${call.path}`);
  return status === 413 ? refused(answer, message) : answer;
}
