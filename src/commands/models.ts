/** `aicore models list`: what can be asked for, under which names. */
import type { Model } from "../catalog/model.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { modelFinder } from "./model-finder.ts";
import { openSession, type Session } from "./session.ts";
import type { Context } from "./types.ts";

/** A model with the user's own names for it beside those that every client knows. */
type NamedModel = Model & { names: string[] };

export async function run(
  context: Context,
  _args: string[],
  options: { resourceGroup?: string },
): Promise<undefined> {
  const { out } = context;
  const session = await openSession(context, { ...options, pool: true });
  try {
    await out.during("Looking at the deployments", () => session.catalog.refresh());
    const models = await withUserNames(session);
    if (out.json) out.document({ models: models.map(documentOf) });
    else if (models.length > 0) out.result(renderTable(COLUMNS, models, out.width));
    else
      out.say(
        `No model runs in resource group ${session.tenant.resourceGroup}. See aicore deployments list --all-groups`,
      );
  } finally {
    await session.close();
  }
  return undefined;
}

async function withUserNames({ catalog, settings }: Session): Promise<NamedModel[]> {
  const find = modelFinder(catalog);
  const targets = await Promise.all(
    Object.entries(settings.aliases).map(async ([alias, target]) => ({
      alias,
      id: (await find(target))?.id,
    })),
  );
  return catalog.models().map((model) => ({
    ...model,
    names: [...targets.filter(({ id }) => id === model.id).map(({ alias }) => alias), ...model.aliases],
  }));
}

function documentOf({ id, family, names, deployments, capabilities, via }: NamedModel): unknown {
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
  { title: "Output", spare: 1, value: ({ capabilities }) => thousands(capabilities.maxOutputTokens) },
  { title: "Abilities", spare: 3, value: abilities },
];

function abilities({ capabilities }: NamedModel): string {
  const { tools, images, thinking } = capabilities;
  return [tools && "tools", images && "images", thinking !== "none" && "thinking"].filter(Boolean).join(", ");
}

/** 200000 → "200k". */
function thousands(tokens: number): string {
  return tokens >= 1_000_000
    ? `${Number((tokens / 1_000_000).toFixed(2))}M`
    : `${Math.round(tokens / 1_000)}k`;
}
