/** An agent: a tool that `aicore` starts with its models pointed at the tenant. */
import type { Capabilities } from "../hub/capabilities.ts";

/** A model as an agent needs to know it. */
export interface AgentModel extends Capabilities {
  /** The name to ask the proxy for. */
  id: string;
  /** Whether it has no deployment of its own and goes through orchestration. */
  orchestrated: boolean;
}

export interface LaunchOptions {
  /** Of the proxy, without a path or a slash at the end. */
  url: string;
  /** The proxy's key. */
  key: string;
  /** What a name ("opus", "gpt-5", …) stands for in this tenant; undefined when nothing deployed fits. */
  find(name: string): Promise<AgentModel | undefined>;
  /** Every model of the tenant that can be talked to and calls tools. */
  models: readonly AgentModel[];
  /** The environment that the tool would have without us. */
  env: NodeJS.ProcessEnv;
  /** Where it runs, for settings files of the project. */
  cwd: string;
  /** The user's own arguments: they reach the tool as they are, and some decide which of ours stand before them. */
  args: readonly string[];
}

export interface Launch {
  variables: Record<string, string>;
  /** Variables that must not stand beside these. */
  removed: readonly string[];
  /** Arguments that stand before the user's. */
  args: string[];
  /** For the user, one line: which models the tool will use. */
  notice: string;
  /** What stands in the way in the user's own settings: a sentence each. */
  warnings: string[];
  /** Names that the tool asks for by itself, which may hold `*`, to the models that answer where they are not deployed. */
  standIns?: Record<string, string>;
  /** Whether SAP's credentials stay in the environment: the program may talk to SAP AI Core itself. */
  keepsCredentials?: true;
}

export interface Agent {
  /** The command: `aicore <name>`. */
  name: string;
  /** For people: "Claude Code". */
  title: string;
  /** The program on PATH. */
  program: string;
  /** The command line that installs it; undefined for a program that we do not know. */
  install?: string;
  /** @throws ApiError "no_usable_model" when the tenant has nothing that the tool could work with. */
  launch(options: LaunchOptions): Promise<Launch>;
}
