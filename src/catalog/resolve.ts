import type { Deployment } from "../aicore/deployment.ts";
import { ApiError } from "../errors.ts";
import { type Model, newestOf } from "./model.ts";
import { type ModelName, parseModelName } from "./names.ts";
import { didYouMean } from "./suggest.ts";

/** Why a name led to a model: it names it, a user's alias does, or another stands in for it. */
type Why = "exact" | "alias" | "family";

export interface Resolution {
  /** The name as the client wrote it; answers repeat it. */
  requested: string;
  model: Model;
  /** RUNNING, with a URL, newest first; never empty. */
  deployments: Deployment[];
  why: Why;
  /** Whether the long context was asked for, with `[1m]`. */
  longContext: boolean;
}

export interface ResolveOptions {
  /** The user's own names, which may hold `*`, to models or other names. They come first. */
  aliases?: Readonly<Record<string, string>>;
  /** Refuse a Claude version that is not deployed, in place of taking the newest of its family. */
  strict?: boolean;
  /** Names that nothing deployed fits, which may hold `*`, to models that stand in for them. */
  standIns?: Readonly<Record<string, string>>;
  /** Resource groups that were looked at, for the message of a miss. */
  resourceGroups?: readonly string[];
}

/**
 * Finds the model that a client means (DESIGN section 8): user alias, exact model (a deployment of its own before
 * orchestration), then for Claude the newest of the same family, never of another.
 * @throws ApiError 404, reason "model_not_found", with what can be asked for.
 */
export function resolveModel(
  requested: string,
  models: readonly Model[],
  options: ResolveOptions = {},
): Resolution {
  const target = aliasFor(requested, options.aliases ?? {});
  const name = parseModelName(target ?? requested);
  const exact = exactly(target ?? requested, name, models);
  const model = exact ?? (options.strict ? undefined : inPlaceOf(requested, name, models, options.standIns));
  if (!model) throw notDeployed(requested, target, models, options.resourceGroups ?? []);
  return {
    requested,
    model,
    deployments: model.deployments,
    why: !exact ? "family" : target === undefined ? "exact" : "alias",
    longContext: name.longContext || parseModelName(requested).longContext,
  };
}

function inPlaceOf(
  requested: string,
  name: ModelName,
  models: readonly Model[],
  standIns: Readonly<Record<string, string>> = {},
): Model | undefined {
  if (name.kind === "claude") return newestOf(name.variant, models);
  const other = aliasFor(requested, standIns);
  return other === undefined ? undefined : models.find(({ id }) => id === other);
}

function exactly(written: string, name: ModelName, models: readonly Model[]): Model | undefined {
  const literal = models.find((model) => model.id === written.toLowerCase());
  if (literal) return literal;
  if (name.kind === "family") return newestOf(name.variant, models);
  const same = models.filter((model) => model.name.key === name.key || model.aliases.includes(name.key));
  return same.find((model) => model.via === "deployment") ?? same[0];
}

/** The target of the most specific alias that fits; also without the name's `[1m]`. */
function aliasFor(requested: string, aliases: Readonly<Record<string, string>>): string | undefined {
  const name = requested.toLowerCase();
  const names = [name, name.replace(/\[1m\]$/, "")];
  const fitting = specificFirst(aliases).find(([pattern]) => {
    const glob = globOf(pattern);
    return names.some((candidate) => glob.test(candidate));
  });
  return fitting?.[1];
}

/** Aliases and their targets, those with the most literal characters first: the order in which they are tried. */
export function specificFirst(
  aliases: Readonly<Record<string, string>>,
): [pattern: string, target: string][] {
  const literals = (pattern: string) => pattern.replaceAll("*", "").length;
  return Object.entries(aliases).sort(([a], [b]) => literals(b) - literals(a));
}

/** A pattern in which `*` stands for anything, for names in lower case. */
export function globOf(pattern: string): RegExp {
  const parts = pattern.toLowerCase().split(/\*+/);
  return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);
}

const MOST_NAMES = 10;

function notDeployed(
  requested: string,
  target: string | undefined,
  models: readonly Model[],
  groups: readonly string[],
): ApiError {
  const where =
    groups.length > 0 ? ` in resource group ${groups.map((group) => `'${group}'`).join(", ")}` : "";
  const names = models.slice(0, MOST_NAMES).map((model) => model.id);
  const more = models.length > MOST_NAMES ? `, and ${models.length - MOST_NAMES} more` : "";
  const available =
    names.length > 0 ? `Available: ${names.join(", ")}${more}.` : "No model is deployed there.";
  const near =
    didYouMean(
      target ?? requested,
      models.map(({ id }) => id),
    ) ||
    didYouMean(
      target ?? requested,
      models.flatMap(({ aliases }) => aliases),
    );
  const mapped = target === undefined ? "" : `, mapped to '${target}',`;
  return new ApiError(404, `model '${requested}'${mapped} is not deployed${where}. ${available}${near}`, {
    reason: "model_not_found",
    hint: "`aicore models list` shows what can be asked for; `aicore deployments list` what is deployed.",
  });
}
