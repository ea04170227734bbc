/** The simulated tenant: one deployment for each pace of streaming, since the model's name is what reaches every target. */

export interface Deployment {
  id: string;
  model: string;
  dialect: "claude" | "gpt";
  /** How many events a streamed answer has between its opening and its end, and the microseconds between them. */
  events: number;
  gap: number;
}

export type Pace = "short" | "calm" | "dense" | "flood" | "open" | "gpt" | "gptShort";

/** @param share of the streams' full length, for a quick run */
export function deploymentsFor(share: number): Record<Pace, Deployment> {
  const claude = (pace: Pace, version: string, events: number, gap: number): Deployment => ({
    id: pace,
    model: `anthropic--claude-${version}-sonnet`,
    dialect: "claude",
    events: Math.ceil(events),
    gap,
  });
  const dense = { events: Math.ceil(500 * share), gap: 5_000 };
  return {
    short: claude("short", "4.6", 3, 1_000),
    calm: claude("calm", "4.7", 100 * share, 20_000),
    dense: claude("dense", "4.8", dense.events, dense.gap),
    flood: claude("flood", "4.9", 20_000 * share, 0),
    open: claude("open", "5", 600, 1_000_000),
    gpt: { id: "gpt", model: "gpt-4.1", dialect: "gpt", ...dense },
    gptShort: { id: "gpt-short", model: "gpt-4o", dialect: "gpt", events: 3, gap: 1_000 },
  };
}

export function pathOf(deployment: Deployment, call: string): string {
  return `/v2/inference/deployments/${deployment.id}${call}`;
}

/** The page that `GET /v2/lm/deployments` answers with. */
export function deploymentsPage(deployments: readonly Deployment[], url: string): string {
  const resources = deployments.map((deployment) => ({
    id: deployment.id,
    createdAt: "2026-11-01T06:00:00Z",
    status: "RUNNING",
    targetStatus: "RUNNING",
    scenarioId: "foundation-models",
    executableId: deployment.dialect === "claude" ? "aws-bedrock" : "azure-openai",
    configurationId: `configuration-${deployment.id}`,
    configurationName: deployment.model,
    deploymentUrl: url + pathOf(deployment, ""),
    details: { resources: { backend_details: { model: { name: deployment.model, version: "1" } } } },
  }));
  return JSON.stringify({ count: resources.length, resources });
}
