/** `aicore models list --catalog`: what could be deployed here, at what price, and for how long. */
import type { Deployment } from "../aicore/deployment.ts";
import { listDeployments } from "../aicore/deployments.ts";
import { type OfferedModel, type OfferedVersion, readModelCatalogue } from "../aicore/model-catalogue.ts";
import type { JsonObject } from "../hub/json.ts";
import type { Palette } from "../terminal/colors.ts";
import { type Column, renderTable, thousands } from "../terminal/table.ts";
import { type ListOptions, printList } from "./list-format.ts";
import type { Session } from "./session.ts";
import type { Context } from "./types.ts";

/** One version of a model, a line each. */
interface Row {
  model: OfferedModel;
  version: OfferedVersion;
  deployed: string[];
}

export async function listCatalog(
  { out }: Context,
  { client, tenant, settings }: Session,
  options: ListOptions,
): Promise<void> {
  const [offered, deployments] = await out.during("Reading the model catalogue", () =>
    Promise.all([readModelCatalogue(client, settings.value("cost.factor")), listDeployments(client)]),
  );
  const rows = offered.flatMap((model) =>
    model.versions.map((version) => ({ model, version, deployed: idsOf(model, deployments, version) })),
  );
  printList(out, options, {
    document: { models: offered.map((model) => documentOf(model, deployments)) },
    names: offered.map(({ name }) => name),
    table: () => {
      if (rows.length === 0) {
        out.say(
          `The catalogue of resource group ${tenant.resourceGroup} is empty. Generative models need the service plan "extended".`,
        );
        return;
      }
      const table = renderTable(columns(out.paint), rows, out.width);
      out.result(table);
      const [titles = ""] = table.split("\n");
      if (/ VERSION /.test(titles)) out.say("* is the latest version.");
      if (/ IN /.test(titles)) out.say("IN and OUT are capacity units for a million tokens.");
      out.say("Deploy one: aicore deployments create <model>");
    },
  });
}

/** Deployments of a model, or of one version of it; `latest` stands for the version that is it now. */
function idsOf(model: OfferedModel, deployments: readonly Deployment[], version?: OfferedVersion): string[] {
  const isIt = (deployed: string | undefined) =>
    version === undefined ||
    deployed === version.name ||
    ((deployed ?? "latest") === "latest" && version.isLatest);
  return deployments
    .filter((each) => each.model?.toLowerCase() === model.name.toLowerCase() && isIt(each.modelVersion))
    .filter(({ status }) => status === "RUNNING")
    .map(({ id }) => id);
}

function documentOf(model: OfferedModel, deployments: readonly Deployment[]): JsonObject {
  return {
    id: model.name,
    sap_model: model.name,
    display_name: model.displayName,
    provider: model.provider,
    executable: model.executable,
    scenarios: model.scenarios,
    deployments: idsOf(model, deployments),
    versions: model.versions.map((version) => ({
      name: version.name,
      latest: version.isLatest,
      deprecated: version.deprecated,
      retirement_date: version.retirementDate ?? null,
      replacements: version.replacements,
      context_window: version.contextLength ?? null,
      input_types: version.inputTypes,
      capabilities: version.capabilities,
      streaming: version.streaming ?? null,
      capacity_units_per_million: {
        input: version.price.input ?? null,
        output: version.price.output ?? null,
      },
    })),
  };
}

function columns(paint: Palette): Column<Row>[] {
  return [
    { title: "Model", value: ({ model }) => model.name, whole: true },
    { title: "Version", value: ({ version }) => (version.isLatest ? `${version.name}*` : version.name) },
    { title: "Provider", spare: 3, value: ({ model }) => model.provider },
    { title: "Executable", spare: 4, value: ({ model }) => model.executable },
    {
      title: "Context",
      spare: 2,
      value: ({ version }) => (version.contextLength ? thousands(version.contextLength) : "-"),
    },
    { title: "Streams", spare: 5, value: ({ version }) => saidOf(version.streaming) },
    { title: "In", spare: 1, value: ({ version }) => priceOf(version.price.input) },
    { title: "Out", spare: 1, value: ({ version }) => priceOf(version.price.output) },
    {
      title: "Until",
      value: ({ version }) => endOf(version),
      paint: (cell, { version }) => (version.deprecated ? paint.warning(cell) : cell),
    },
    { title: "Deployed", spare: 2, value: ({ deployed }) => deployed.join(", ") || "-" },
  ];
}

function saidOf(flag: boolean | undefined): string {
  return flag === undefined ? "-" : flag ? "yes" : "no";
}

function priceOf(price: number | undefined): string {
  return price === undefined ? "-" : String(Number(price.toFixed(2)));
}

function endOf({ deprecated, retirementDate }: OfferedVersion): string {
  return retirementDate?.slice(0, 10) ?? (deprecated ? "deprecated" : "-");
}
