/** `aicore deployments get <id>`: everything that SAP AI Core tells of one deployment. */
import { type DeploymentDetails, readDeployment } from "../aicore/read-deployment.ts";
import { renderFields } from "../terminal/fields.ts";
import { age } from "../terminal/table.ts";
import { toYaml } from "../terminal/yaml.ts";
import { detailsDocument } from "./deployment-document.ts";
import { findDeployment } from "./deployments-find.ts";
import { openSession } from "./session.ts";
import type { Context } from "./types.ts";

interface GetOptions {
  resourceGroup?: string;
  output?: "table" | "json" | "yaml";
}

export async function run(context: Context, [id = ""]: string[], options: GetOptions): Promise<undefined> {
  const { out } = context;
  const session = await openSession(context, options);
  try {
    const deployment = await out.during("Looking at the deployment", async () =>
      readDeployment(session.client, await findDeployment(session, id)),
    );
    const format = options.output ?? (out.json ? "json" : "table");
    if (format === "json") out.document(detailsDocument(deployment));
    else if (format === "yaml") out.result(toYaml(detailsDocument(deployment)));
    else out.result(linesOf(deployment, out.width));
    if (deployment.status === "DEAD")
      out.say(`It will not come back: aicore deployments delete ${deployment.id}`);
  } finally {
    await session.close();
  }
  return undefined;
}

/** What has ended so goes nowhere, whatever it was meant to become. */
const ENDED = ["DEAD", "COMPLETED"];

function linesOf(deployment: DeploymentDetails, width: number | undefined): string {
  const { status, targetStatus, createdAt, modelVersion, configurationName, configurationId } = deployment;
  const onItsWay =
    targetStatus !== "" && targetStatus !== status && !ENDED.includes(status)
      ? `, to be ${targetStatus}`
      : "";
  return renderFields(
    [
      ["Id", deployment.id],
      ["Model", deployment.model ?? "all that orchestration reaches"],
      ["Version", modelVersion],
      ["Status", `${status}${onItsWay}`],
      ["Message", deployment.statusMessage],
      ["Details", detailsOf(deployment)],
      ["Executable", deployment.executable],
      ["Scenario", deployment.scenario],
      ["Resource group", deployment.resourceGroup],
      ["Profile", deployment.profile],
      ["Configuration", configurationName ? `${configurationName} (${configurationId})` : configurationId],
      ["Time to live", deployment.ttl],
      ["Created", createdAt && `${createdAt} (${age(createdAt)} ago)`],
      ["Changed", deployment.modifiedAt === createdAt ? "" : deployment.modifiedAt],
      ["URL", deployment.url],
    ],
    width,
  );
}

function detailsOf({ statusDetails }: DeploymentDetails): string {
  return Object.keys(statusDetails).length > 0 ? JSON.stringify(statusDetails) : "";
}
