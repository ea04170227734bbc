/** `aicore models list`: what can be asked for, under which names. */
import { type Mapping, mappingsOf } from "../catalog/mappings.ts";
import type { Model } from "../catalog/model.ts";
import type { JsonObject } from "../hub/json.ts";
import { type Column, renderTable, thousands } from "../terminal/table.ts";
import { keepCatalogue } from "./catalogue-cache.ts";
import { type ListOptions, printList } from "./list-format.ts";
import { openSession, type Session } from "./session.ts";
import type { Context } from "./types.ts";

/** A model with the user's own names for it beside those that every client knows. */
type NamedModel = Model & { names: string[] };

interface ModelsOptions extends ListOptions {
  resourceGroup?: string;
  catalog?: boolean;
}

export async function run(context: Context, _args: string[], options: ModelsOptions): Promise<undefined> {
  const session = await openSession(context, { ...options, pool: !options.catalog });
  try {
    if (options.catalog) await (await import("./models-catalog.ts")).listCatalog(context, session, options);
    else await list(context, session, options);
    if (!options.catalog && options.resourceGroup === undefined) keepCatalogue(context, session);
  } finally {
    await session.close();
  }
  return undefined;
}

async function list(
  { out }: Context,
  { catalog, settings, tenant }: Session,
  options: ListOptions,
): Promise<void> {
  await out.during("Looking at the deployments", () => catalog.refresh());
  const strict = settings.value("models.strict");
  const mappings = mappingsOf(settings.aliases, catalog.models(), { strict });
  const models = catalog.models().map((model) => withNames(model, mappings));
  printList(out, options, {
    document: { models: models.map(documentOf), mappings: mappings.map(mappingDocument) },
    names: models.map(({ id }) => id),
    table: () => {
      if (models.length > 0) out.result(renderTable(COLUMNS, models, out.width));
      else
        out.say(
          `No model runs in resource group ${tenant.resourceGroup}. See aicore deployments list --all-groups`,
        );
      if (mappings.length > 0) out.result(`\n${renderTable(MAPPING_COLUMNS, mappings, out.width)}`);
    },
  });
}

function withNames(model: Model, mappings: readonly Mapping[]): NamedModel {
  const given = mappings.filter((mapping) => mapping.model === model.id).map(({ alias }) => alias);
  return { ...model, names: [...given, ...model.aliases] };
}

function mappingDocument({ alias, target, model }: Mapping): JsonObject {
  return { alias, model: target, resolves_to: model ?? null };
}

function documentOf({ id, family, names, deployments, capabilities, via }: NamedModel): JsonObject {
  return {
    id,
    sap_model: id,
    family,
    aliases: names,
    deployments: deployments.map((deployment) => deployment.id),
    context_window: capabilities.contextWindow,
    max_output_tokens: capabilities.maxOutputTokens,
    thinking: capabilities.thinking,
    images: capabilities.images,
    tools: capabilities.tools,
    via,
  };
}

const COLUMNS: Column<NamedModel>[] = [
  { title: "Model", value: ({ id }) => id, whole: true },
  { title: "Aliases", value: ({ names }) => names.join(", ") },
  {
    title: "Deployments",
    spare: 2,
    value: ({ deployments, via }) =>
      via === "deployment" ? deployments.map(({ id }) => id).join(", ") : via,
  },
  { title: "Context", value: ({ capabilities }) => thousands(capabilities.contextWindow) },
  { title: "Output", spare: 1, value: ({ capabilities }) => outputOf(capabilities.maxOutputTokens) },
  { title: "Abilities", spare: 3, value: abilities },
];

const MAPPING_COLUMNS: Column<Mapping>[] = [
  { title: "Alias", value: ({ alias }) => alias, whole: true },
  { title: "Mapped to", value: ({ target }) => target },
  { title: "Answers", value: ({ model }) => model ?? "nothing that runs" },
];

/** Models that make embeddings write no tokens. */
function outputOf(tokens: number): string {
  return tokens === 0 ? "-" : thousands(tokens);
}

function abilities({ capabilities }: NamedModel): string {
  const { tools, images, thinking } = capabilities;
  return [tools && "tools", images && "images", thinking !== "none" && "thinking"].filter(Boolean).join(", ");
}
