/**
 * What a configuration must look like to be stored, and what must hold for a deployment to be made from it: SAP checks
 * the form at the first call and the meaning at the second (AI Core API 2.34, `configuration.create` and
 * `deployment.create`). Codes and the beginnings of the messages are SAP's, the rest of the words ours.
 */
import { isObject, type Json } from "../hub/json.ts";
import { notOffered } from "./catalogue.ts";
import type { Configuration } from "./tenant.ts";

export type ConfigurationDraft = Omit<Configuration, "id" | "createdAt">;

const NAME = /^[\w\s.!?,;:[\](){}<>"'=+*/\\^&%@~$#|-]{1,256}$/;
const MOST_BINDINGS = 1_000;
const LONGEST_KEY = 256;
const LONGEST_VALUE = 5_000;
/** What the orchestration executable may be told; `modelFilterList` is JSON in a string. */
const ORCHESTRATION_KEYS = ["modelFilterList", "modelFilterListType"];

/** The body of `POST /lm/configurations`, or what is wrong with its form. */
export function readDraft(body: Json | undefined): ConfigurationDraft | string {
  const { name, scenarioId, executableId, versionId, parameterBindings } = isObject(body) ? body : {};
  if (typeof name !== "string" || typeof scenarioId !== "string" || typeof executableId !== "string") {
    return "name, scenarioId and executableId are required";
  }
  if (!NAME.test(name)) return `name must match ${NAME.source}`;
  const bindings = readBindings(parameterBindings);
  if (typeof bindings === "string") return bindings;
  return {
    name,
    scenarioId,
    executableId,
    versionId: typeof versionId === "string" ? versionId : "0.0.1",
    parameterBindings: bindings,
  };
}

function readBindings(value: Json | undefined): Configuration["parameterBindings"] | string {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MOST_BINDINGS) {
    return `parameterBindings must be a list of at most ${MOST_BINDINGS}`;
  }
  const bindings: Configuration["parameterBindings"] = [];
  for (const [at, row] of value.entries()) {
    const { key, value: bound } = isObject(row) ? row : {};
    if (typeof key !== "string" || key.length > LONGEST_KEY) return `parameterBindings[${at}].key is invalid`;
    if (typeof bound !== "string" || bound.length > LONGEST_VALUE) {
      return `parameterBindings[${at}].value is invalid`;
    }
    bindings.push({ key, value: bound });
  }
  return bindings;
}

/** Why no deployment can be made from a configuration; undefined when one can. */
export function faultIn(configuration: ConfigurationDraft): string | undefined {
  const { scenarioId, executableId, parameterBindings } = configuration;
  const bound = (key: string) => parameterBindings.find((one) => one.key === key)?.value;
  switch (scenarioId) {
    case "orchestration": {
      if (executableId !== "orchestration")
        return `executable ${executableId} does not exist in ${scenarioId}`;
      const stranger = parameterBindings.find(({ key }) => !ORCHESTRATION_KEYS.includes(key));
      return stranger && `parameter ${stranger.key} is not defined`;
    }
    case "foundation-models": {
      const model = bound("modelName");
      if (model === undefined) return "parameter modelName is missing";
      return notOffered(model, bound("modelVersion") ?? "latest", executableId);
    }
    default:
      return `scenario ${scenarioId} does not exist`;
  }
}
