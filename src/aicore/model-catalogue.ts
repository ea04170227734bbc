import { CAPACITY_UNITS } from "../config/settings-document.ts";
import { isObject, type Json, type JsonObject } from "../hub/json.ts";
import type { AicoreClient } from "./client.ts";
import { listAll } from "./pages.ts";

/** SAP's id of the scenario whose models are deployed one by one. */
export const FOUNDATION_MODELS = "foundation-models";

/** A model that the tenant could deploy. */
export interface OfferedModel {
  /** SAP's name, such as `anthropic--claude-4.6-opus`. */
  name: string;
  displayName: string;
  provider: string;
  executable: string;
  /** Ids of the scenarios that may use it. */
  scenarios: string[];
  /** In SAP's order. */
  versions: OfferedVersion[];
}

export interface OfferedVersion {
  name: string;
  isLatest: boolean;
  deprecated: boolean;
  /** ISO 8601; undefined where no date is set. */
  retirementDate: string | undefined;
  /** Tokens. */
  contextLength: number | undefined;
  inputTypes: string[];
  capabilities: string[];
  streaming: boolean | undefined;
  replacements: string[];
  /** In capacity units for a million tokens; undefined where the catalogue has no rate, which is so for some billable models. */
  price: { input: number | undefined; output: number | undefined };
}

/**
 * What the tenant's catalogue offers its resource group, in the order of the names.
 * @param factor capacity units of a GenAI token
 * @throws ApiError as `AicoreClient.manage` does.
 */
export async function readModelCatalogue(
  client: AicoreClient,
  factor = CAPACITY_UNITS,
): Promise<OfferedModel[]> {
  const { resourceGroup } = client.tenant;
  const rows = await listAll(client, `/lm/scenarios/${FOUNDATION_MODELS}/models`, { resourceGroup });
  return rows
    .map((row) => modelIn(row, factor))
    .filter(({ name }) => name !== "")
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

function modelIn(row: JsonObject, factor: number): OfferedModel {
  const allowed = objectsIn(row.allowedScenarios);
  const own = allowed.find(({ scenarioId }) => scenarioId === FOUNDATION_MODELS);
  const name = textOf(row.model);
  return {
    name,
    displayName: textOf(row.displayName) || name,
    provider: textOf(row.provider),
    executable: textOf(own?.executableId) || textOf(row.executableId),
    scenarios: allowed.map(({ scenarioId }) => textOf(scenarioId)),
    versions: objectsIn(row.versions).map((version) => versionIn(version, factor)),
  };
}

function versionIn(row: JsonObject, factor: number): OfferedVersion {
  return {
    name: textOf(row.name),
    isLatest: row.isLatest === true,
    deprecated: row.deprecated === true,
    retirementDate: textOf(row.retirementDate) || undefined,
    contextLength: typeof row.contextLength === "number" ? row.contextLength : undefined,
    inputTypes: textsIn(row.inputTypes),
    capabilities: textsIn(row.capabilities),
    streaming: typeof row.streamingSupported === "boolean" ? row.streamingSupported : undefined,
    replacements: textsIn(row.suggestedReplacements),
    price: { input: rateIn(row.cost, "inputCost", factor), output: rateIn(row.cost, "outputCost", factor) },
  };
}

/**
 * Rates are in GenAI tokens for a thousand tokens of the model, as texts, each in an object of its own:
 * `[{"inputCost": "0.00312"}, {"outputCost": "0.0092"}]`.
 */
function rateIn(cost: Json | undefined, key: string, factor: number): number | undefined {
  const text = objectsIn(cost).find((entry) => entry[key] !== undefined)?.[key];
  const rate = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(rate) ? Number((rate * 1_000 * factor).toFixed(4)) : undefined;
}

function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
