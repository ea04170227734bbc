/** The tenant's state: resource groups, configurations, and deployments that live and die by the clock. */
import { randomBytes, randomUUID } from "node:crypto";

export type DeploymentStatus =
  | "PENDING"
  | "RUNNING"
  | "COMPLETED"
  | "DEAD"
  | "STOPPING"
  | "STOPPED"
  | "UNKNOWN";

/** A deployment as a test or the default tenant describes it. */
export interface SandboxDeployment {
  /** Default: 16 hex digits that start with `d`. */
  id?: string;
  /** Resource group; default `default`. */
  group?: string;
  /** SAP's model name. Absent for orchestration. */
  model?: string;
  /** Default `latest`. */
  version?: string;
  /** Default: `orchestration` without a model, `foundation-models` with one. */
  scenario?: string;
  /** Default by the model's name. */
  executable?: string;
  /** Default RUNNING. */
  status?: DeploymentStatus;
  statusMessage?: string;
  /** RFC 3339. */
  createdAt?: string;
  /** Where answers show the model: under which spelling, under both, or not at all (then only its configuration tells). */
  details?: "backendDetails" | "backend_details" | "both" | "none";
  /** `false` leaves `executableId` out of the answers, as live tenants do. */
  showExecutable?: boolean;
  ttl?: string;
  /** The configuration's name; default: the model's. */
  configuration?: string;
}

export interface Configuration {
  id: string;
  name: string;
  scenarioId: string;
  executableId: string;
  versionId: string;
  parameterBindings: { key: string; value: string }[];
  createdAt: string;
}

export interface Deployment {
  id: string;
  group: string;
  model: string | undefined;
  version: string;
  executable: string;
  configuration: Configuration;
  details: "backendDetails" | "backend_details" | "both" | "none";
  showExecutable: boolean;
  createdAt: string;
  ttl: string | undefined;
  targetStatus: "RUNNING" | "STOPPED";
  lastOperation: "CREATE" | "UPDATE";
  /** The states to come: each holds from its moment (milliseconds since the epoch) on. */
  timeline: State[];
}

interface State {
  from: number;
  status: DeploymentStatus;
  /** SAP's `statusMessage`. */
  message?: string;
}

/** Which executable serves a model (protocol 3.4), by the beginning of its name. */
const EXECUTABLES: readonly [RegExp, string][] = [
  [/^(anthropic|amazon)--/, "aws-bedrock"],
  [/^(gpt|o\d|text-embedding)/, "azure-openai"],
  [/^gemini/, "gcp-vertexai"],
  [/^sonar/, "perplexity-ai"],
  [/^mistralai--/, "aicore-mistralai"],
  [/^cohere--/, "aicore-cohere"],
  [/^nvidia--/, "aicore-nvidia"],
];

export class Tenant {
  readonly groups: string[];
  deployments: Deployment[] = [];
  private readonly configurations: { group: string; configuration: Configuration }[] = [];
  private readonly provisioning: number;

  /** `provisioning`: milliseconds from UNKNOWN over PENDING to RUNNING, and from STOPPING to STOPPED. */
  constructor(deployments: readonly SandboxDeployment[], provisioning: number) {
    this.provisioning = provisioning;
    this.groups = [...new Set(["default", ...deployments.map(({ group }) => group ?? "default")])];
    for (const deployment of deployments) this.place(deployment);
  }

  configurationsOf(group: string): Configuration[] {
    return this.configurations.filter((one) => one.group === group).map(({ configuration }) => configuration);
  }

  configure(group: string, draft: Omit<Configuration, "id" | "createdAt">): Configuration {
    const configuration = { ...draft, id: randomUUID(), createdAt: timestamp(Date.now()) };
    this.configurations.push({ group, configuration });
    return configuration;
  }

  /** A new deployment: UNKNOWN, then PENDING, then RUNNING, or DEAD for the reason given. */
  deploy(
    group: string,
    configuration: Configuration,
    { ttl, dies }: { ttl?: string | undefined; dies?: string | undefined } = {},
  ): Deployment {
    const now = Date.now();
    const deployment: Deployment = {
      ...deploymentOf(group, configuration),
      createdAt: timestamp(now),
      ttl,
      timeline: [
        { from: now, status: "UNKNOWN" },
        { from: now + this.provisioning / 2, status: "PENDING" },
        {
          from: now + this.provisioning,
          ...(dies === undefined ? { status: "RUNNING" } : { status: "DEAD", message: dies }),
        },
      ],
    };
    this.deployments.push(deployment);
    return deployment;
  }

  stop(deployment: Deployment): void {
    const now = Date.now();
    deployment.targetStatus = "STOPPED";
    deployment.lastOperation = "UPDATE";
    deployment.timeline = [
      { from: now, status: "STOPPING" },
      { from: now + this.provisioning, status: "STOPPED" },
    ];
  }

  reconfigure(deployment: Deployment, configuration: Configuration): void {
    Object.assign(deployment, modelOf(configuration), { configuration, lastOperation: "UPDATE" });
  }

  remove(deployment: Deployment): void {
    this.deployments = this.deployments.filter((one) => one !== deployment);
  }

  private place(given: SandboxDeployment): void {
    const group = given.group ?? "default";
    const createdAt = given.createdAt ?? "2026-06-01T08:00:00Z";
    const configuration = this.configure(group, {
      name: given.configuration ?? given.model ?? "defaultOrchestrationConfig",
      scenarioId: given.scenario ?? (given.model === undefined ? "orchestration" : "foundation-models"),
      executableId: given.executable ?? executableFor(given.model),
      versionId: "0.0.1",
      parameterBindings: bindings(given),
    });
    const status = given.status ?? "RUNNING";
    this.deployments.push({
      ...deploymentOf(group, configuration),
      ...(given.id === undefined ? {} : { id: given.id }),
      details: given.details ?? "both",
      showExecutable: given.showExecutable ?? true,
      createdAt,
      ttl: given.ttl,
      targetStatus: status === "STOPPED" || status === "STOPPING" ? "STOPPED" : "RUNNING",
      timeline: [{ from: 0, status, message: given.statusMessage ?? "" }],
    });
  }
}

/** The state a deployment is in at this moment. */
export function statusOf(deployment: Deployment, now = Date.now()): DeploymentStatus {
  return stateOf(deployment, now)?.status ?? "UNKNOWN";
}

export function statusMessageOf(deployment: Deployment, now = Date.now()): string {
  return stateOf(deployment, now)?.message ?? "";
}

function stateOf({ timeline }: Deployment, now: number): State | undefined {
  return timeline.filter(({ from }) => from <= now).at(-1);
}

/** When it was scheduled; RFC 3339 without fractions, as SAP writes it. */
function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

function executableFor(model: string | undefined): string {
  if (model === undefined) return "orchestration";
  return EXECUTABLES.find(([pattern]) => pattern.test(model))?.[1] ?? "aicore-opensource";
}

function bindings({ model, version }: SandboxDeployment): Configuration["parameterBindings"] {
  if (model === undefined) return [];
  return [
    { key: "modelName", value: model },
    { key: "modelVersion", value: version ?? "latest" },
  ];
}

function modelOf(configuration: Configuration): Pick<Deployment, "model" | "version" | "executable"> {
  const value = (key: string) => configuration.parameterBindings.find((one) => one.key === key)?.value;
  return {
    model: value("modelName"),
    version: value("modelVersion") ?? "latest",
    executable: configuration.executableId,
  };
}

function deploymentOf(group: string, configuration: Configuration): Deployment {
  return {
    id: `d${randomBytes(8).toString("hex").slice(1)}`,
    group,
    ...modelOf(configuration),
    configuration,
    details: "both",
    showExecutable: true,
    createdAt: configuration.createdAt,
    ttl: undefined,
    targetStatus: "RUNNING",
    lastOperation: "CREATE",
    timeline: [],
  };
}
