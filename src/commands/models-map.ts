/** `aicore models map <alias> <model>` and `unmap`: the user's own names for models. */
import { mappingsOf } from "../catalog/mappings.ts";
import { didYouMean } from "../catalog/suggest.ts";
import { pathsFor } from "../config/paths.ts";
import { loadSettings, type Settings } from "../config/settings.ts";
import { asAicoreError, UsageError } from "../errors.ts";
import { runningProxies } from "./running.ts";
import { openSession } from "./session.ts";
import type { Context } from "./types.ts";

/** What the proxy takes for a model's name; an alias may hold `*` too. */
const MODEL = /^[A-Za-z0-9._:/@[\]-]{1,128}$/;
const ALIAS = /^[A-Za-z0-9._:/@[\]*-]{1,128}$/;

export async function map(
  context: Context,
  [alias = "", model = ""]: string[],
  options: { resourceGroup?: string },
): Promise<undefined> {
  const { out, env } = context;
  check("alias", alias, ALIAS);
  check("model", model, MODEL);
  const settings = loadSettings(env);
  const before = aliasLike(alias, settings);
  const replaced = before === undefined ? undefined : settings.aliases[before];
  if (before !== undefined && before !== alias) await settings.removeAlias(before);
  await settings.setAlias(alias, model);
  const target = await lookUp(context, { alias, model }, options);
  if (out.json) out.document({ alias, model, resolves_to: target ?? null, replaced: replaced ?? null });
  else {
    const meaning = target !== undefined && target !== model ? ` (${target} at present)` : "";
    out.prose(`${alias} now means ${model}${meaning}.`);
  }
  tellRunning(context);
  return undefined;
}

export async function unmap(context: Context, [alias = ""]: string[]): Promise<undefined> {
  const { out, env } = context;
  const settings = loadSettings(env);
  const known = aliasLike(alias, settings);
  if (known === undefined) throw unknown(alias, Object.keys(settings.aliases));
  const model = settings.aliases[known];
  await settings.removeAlias(known);
  if (out.json) out.document({ removed: { alias: known, model } });
  else out.prose(`${known} no longer means ${model}.`);
  tellRunning(context);
  return undefined;
}

function check(what: string, name: string, rule: RegExp): void {
  if (rule.test(name)) return;
  throw new UsageError(
    "model_name",
    `"${name}" cannot be the name of ${what === "alias" ? "an alias" : "a model"}.`,
    {
      hint: `Letters, digits and . _ : / @ [ ] -${what === "alias" ? ", and * for anything" : ""}: aicore models map 'gpt-4*' gpt-4.1`,
    },
  );
}

/** Names are looked up without regard to case, so there is one of each. */
function aliasLike(alias: string, { aliases }: Settings): string | undefined {
  return Object.keys(aliases).find((each) => each.toLowerCase() === alias.toLowerCase());
}

/** What answers to it now. It is kept in any case: a model may be deployed later, and a login may come later too. */
async function lookUp(
  context: Context,
  { alias, model }: { alias: string; model: string },
  options: { resourceGroup?: string },
): Promise<string | undefined> {
  const { out } = context;
  try {
    const session = await openSession(context, { ...options, mayAsk: false });
    try {
      await out.during("Looking at the deployments", () => session.catalog.refresh());
      const models = session.catalog.models();
      const [mapping] = mappingsOf({ [alias]: model }, models, {
        strict: session.settings.value("models.strict"),
      });
      if (mapping?.model === undefined) {
        const near = didYouMean(
          model,
          models.map(({ id }) => id),
        );
        out.warn(`Nothing that runs answers to ${model}: requests for ${alias} will fail.${near}`);
      }
      return mapping?.model;
    } finally {
      await session.close();
    }
  } catch (error) {
    out.warn(`Whether ${model} is deployed could not be checked: ${asAicoreError(error).message}`);
    return undefined;
  }
}

function tellRunning({ out, env }: Context): void {
  const ports = runningProxies(pathsFor(env)).map(({ port }) => port);
  if (ports.length > 0)
    out.say(`The proxy that runs (port ${ports.join(", ")}) reads it within a few seconds.`);
}

function unknown(alias: string, known: readonly string[]): UsageError {
  const names = known.length > 0 ? `The aliases are: ${known.join(", ")}.` : "There are none.";
  return new UsageError("alias_unknown", `There is no alias "${alias}".${didYouMean(alias, known)}`, {
    hint: names,
  });
}
