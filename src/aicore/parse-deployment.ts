import { isObject, type Json, type JsonObject } from "../hub/json.ts";
import type { Deployment } from "./deployment.ts";
import { executableFor, ORCHESTRATION } from "./executables.ts";

/** What a deployment does not say about itself. */
export interface DeploymentContext {
  resourceGroup: string;
  profile: string;
  /** Its configuration, where it was asked for: `needsConfiguration` tells when that helps. */
  configuration?: JsonObject | undefined;
}

const FOUNDATION_MODELS = "foundation-models";
/** One page of SAP's documentation prints the second form. */
const ORCHESTRATION_SCENARIOS = [ORCHESTRATION, "llm-orchestration"];

/**
 * One entry of `GET /lm/deployments`. The model's name is where SAP put it: under `details.resources`, `details` or
 * `details.scaling`, in `backend_details` or `backendDetails`, else in the configuration's bindings; for a foundation
 * model the configuration's name is the last resort.
 */
export function parseDeployment(json: JsonObject, context: DeploymentContext): Deployment {
  const { configuration } = context;
  const orchestration = isOrchestration(json);
  const model = orchestration ? undefined : modelOf(json, configuration);
  return {
    id: textOf(json.id),
    url: textOf(json.deploymentUrl).replace(/\/+$/, ""),
    model: model?.name,
    modelVersion: model?.version,
    status: textOf(json.status) || "UNKNOWN",
    executable: orchestration ? ORCHESTRATION : executableOf(json, configuration, model?.name),
    scenario: orchestration ? ORCHESTRATION : textOf(json.scenarioId),
    resourceGroup: context.resourceGroup,
    profile: context.profile,
    configurationName: textOf(json.configurationName) || textOf(configuration?.name),
    createdAt: textOf(json.createdAt),
    statusMessage: textOf(json.statusMessage),
  };
}

/** Whether only the configuration can tell the model. */
export function needsConfiguration(json: JsonObject): boolean {
  return !isOrchestration(json) && backendModel(json) === undefined && textOf(json.configurationId) !== "";
}

interface NamedModel {
  name: string;
  version: string | undefined;
}

function modelOf(json: JsonObject, configuration: JsonObject | undefined): NamedModel | undefined {
  const told = backendModel(json) ?? boundModel(configuration);
  if (told || textOf(json.scenarioId) !== FOUNDATION_MODELS) return told;
  const name = textOf(json.configurationName);
  return name === "" ? undefined : { name, version: undefined };
}

function backendModel(json: JsonObject): NamedModel | undefined {
  const details = objectOf(json.details);
  const holders = [objectOf(details.resources), details, objectOf(details.scaling)];
  const models = holders
    .flatMap((holder) => [holder.backend_details, holder.backendDetails])
    .map((backend) => objectOf(objectOf(backend).model));
  const model = models.find((candidate) => textOf(candidate.name) !== "");
  return model && { name: textOf(model.name), version: textOf(model.version) || undefined };
}

function boundModel(configuration: JsonObject | undefined): NamedModel | undefined {
  const name = binding(configuration, "modelName");
  return name === "" ? undefined : { name, version: binding(configuration, "modelVersion") || undefined };
}

function binding(configuration: JsonObject | undefined, key: string): string {
  const bindings = Array.isArray(configuration?.parameterBindings) ? configuration.parameterBindings : [];
  return textOf(bindings.filter(isObject).find((entry) => entry.key === key)?.value);
}

function executableOf(
  json: JsonObject,
  configuration: JsonObject | undefined,
  model: string | undefined,
): string {
  return (
    textOf(json.executableId) ||
    textOf(configuration?.executableId) ||
    (model === undefined ? "" : executableFor(model))
  );
}

function isOrchestration(json: JsonObject): boolean {
  return [json.scenarioId, json.executableId].some((id) => ORCHESTRATION_SCENARIOS.includes(textOf(id)));
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
