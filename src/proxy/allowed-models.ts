/** The models that a key may use: its patterns in the client's words or SAP's, and what a request asks for. */
import type { Catalog } from "../catalog/catalog.ts";
import type { Model } from "../catalog/model.ts";
import { type ModelName, parseModelName } from "../catalog/names.ts";
import { globOf, type Resolution } from "../catalog/resolve.ts";
import { ApiError } from "../errors.ts";
import type { ApiKey } from "../keys/api-key.ts";

/**
 * The model that a client means, if its key may use it.
 * @throws ApiError 403 where the key may not; what `Catalog.resolve` throws.
 */
export async function resolveFor(key: ApiKey, catalog: Catalog, requested: string): Promise<Resolution> {
  const patterns = key.limits.models;
  if (!patterns) return await catalog.resolve(requested);
  const resolution = await catalog.resolve(requested).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    // Its own words list all that is deployed, which is not for everybody.
    if (!patterns.some((pattern) => asks(pattern, { requested }))) throw notAllowed(key, requested, patterns);
    throw new ApiError(404, `Model '${requested}' is not deployed.`, { reason: "model_not_found" });
  });
  if (patterns.some((pattern) => means(pattern, resolution.model) || asks(pattern, resolution)))
    return resolution;
  throw notAllowed(key, requested, patterns);
}

/** Those of the models that a key may use. */
export function modelsFor({ limits: { models: patterns } }: ApiKey, models: Model[]): Model[] {
  return patterns ? models.filter((model) => patterns.some((pattern) => means(pattern, model))) : models;
}

/** Whether a pattern stands for a model, in whichever spelling; `sonnet` stands for every Sonnet. */
function means(pattern: string, { id, name }: Model): boolean {
  if (fits(pattern, id) || fits(pattern, name.key)) return true;
  if (pattern.includes("*")) return false;
  const meant = parseModelName(pattern);
  return meant.key === name.key || (meant.kind === "family" && variantOf(name) === meant.variant);
}

/**
 * Whether a pattern allows a name in its client's words: that of a model which another stands in for, or of an alias.
 * A `*` is held against the name as it is read, for what is cut from it on the way (`claude-haiku/opus`) would fit too.
 */
function asks(
  pattern: string,
  { requested, why }: Pick<Resolution, "requested"> & Partial<Resolution>,
): boolean {
  const written = requested.toLowerCase().replace(/\[1m\]$/, "");
  if (!pattern.includes("*") || why === "alias") return fits(pattern, written);
  return fits(pattern, parseModelName(requested).key);
}

function fits(pattern: string, name: string): boolean {
  return globOf(pattern).test(name);
}

function variantOf(name: ModelName): string | undefined {
  return name.kind === "other" ? undefined : name.variant;
}

function notAllowed({ name }: ApiKey, requested: string, patterns: readonly string[]): ApiError {
  return new ApiError(403, `Key '${name}' may not use model '${requested}'.`, {
    hint: `It may use: ${patterns.join(", ")}.`,
    reason: "model_not_allowed",
  });
}
