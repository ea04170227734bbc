/** `aicore service install | uninstall | status`: the proxy started by systemd, launchd or the Windows task scheduler. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathsFor } from "../config/paths.ts";
import { loadSettings } from "../config/settings.ts";
import { listSources } from "../config/sources.ts";
import { AicoreError, ConfigError, CredentialsError } from "../errors.ts";
import { serviceEnvironment, withoutSecrets } from "../service/environment.ts";
import { openLogFile } from "../service/log-file.ts";
import { servicePlan } from "../service/plan.ts";
import type { ServicePlan, ServiceProgram } from "../service/program.ts";
import { logFileIn, SCRIPT, serveArguments } from "./background.ts";
import { portFrom } from "./numbers.ts";
import { resolveOptions } from "./tenants.ts";
import type { CommandModule, Context } from "./types.ts";

interface InstallOptions {
  port?: string;
  dryRun?: boolean;
}

export const install: CommandModule = {
  async run(context: Context, _args: string[], options: InstallOptions): Promise<undefined> {
    const { env, out } = context;
    const program = programFor(context, options);
    const plan = planFor(context, program);
    checkReach(context);
    if (options.dryRun) {
      if (out.json) out.document({ path: plan.path, text: plan.text, commands: plan.install });
      else out.result(plan.text.replace(/^\ufeff/, ""));
      out.say(`This would go to ${plan.path}, and these would run:`);
      for (const command of plan.install) out.say(`  ${command.join(" ")}`);
      return undefined;
    }
    if (existsSync(plan.path)) for (const command of plan.uninstall) execute(command);
    openLogFile(logFileIn(pathsFor(env)));
    write(plan);
    const missing = plan.install.map(executeOrThrow).includes("missing");
    if (missing)
      out.warn(`${plan.install[0]?.[0]} is not on this machine: the description is written, nothing runs.`);
    if (out.json) out.document({ installed: true, path: plan.path, running: isRunning(plan) });
    else out.result(`Installed: ${plan.path}`);
    if (process.platform === "linux" && !missing) {
      out.say("It ends when you log out; to keep it: loginctl enable-linger");
    }
    return undefined;
  },
};

export const uninstall: CommandModule = {
  async run(context: Context): Promise<undefined> {
    const { out } = context;
    const plan = planFor(context, programFor(context, {}));
    const installed = existsSync(plan.path);
    if (installed) {
      for (const command of plan.uninstall) execute(command);
      rmSync(plan.path, { force: true });
    }
    if (out.json) out.document({ uninstalled: installed, path: plan.path });
    else if (installed) out.result(`Removed: ${plan.path}`);
    else out.say("No service is installed.");
    return undefined;
  },
};

export const status: CommandModule = {
  async run(context: Context): Promise<undefined> {
    const { out } = context;
    const plan = planFor(context, programFor(context, {}));
    const installed = existsSync(plan.path);
    const running = installed && isRunning(plan);
    if (out.json) out.document({ installed, running, path: plan.path });
    else if (installed) out.result(`${running ? "Running" : "Not running"}: ${plan.path}`);
    else out.prose("Not installed. `aicore service install` does it.");
    return undefined;
  },
};

function programFor({ env, globals }: Context, { port }: InstallOptions): ServiceProgram {
  if (port !== undefined) portFrom(port, "--port");
  const logFile = logFileIn(pathsFor(env));
  const { environment } = serviceEnvironment(env);
  const home = environment.AICORE_CLI_HOME;
  return {
    node: process.execPath,
    script: SCRIPT,
    args: [...serveArguments(globals, port === undefined ? {} : { port }), "--log-file", logFile],
    // A service starts in another folder.
    environment: home === undefined ? environment : { ...environment, AICORE_CLI_HOME: resolve(home) },
    logFile,
  };
}

function planFor({ env }: Context, program: ServiceProgram): ServicePlan {
  const system = { platform: process.platform, env, paths: pathsFor(env), uid: process.getuid?.() ?? 0 };
  const plan = servicePlan(program, system);
  if (plan) return plan;
  throw new ConfigError("no_service_manager", `aicore knows no service manager of ${process.platform}.`, {
    hint: "Use aicore start, or run `aicore serve` under the one you have.",
  });
}

/**
 * A service does not see the variables of this terminal, and has nobody who could type a passphrase.
 * @throws CredentialsError when it would find no credentials.
 */
function checkReach(context: Context): void {
  const { env, globals, out } = context;
  const settings = loadSettings(env);
  const there = { ...resolveOptions(context, settings), env: withoutSecrets(env) };
  const { leftOut } = serviceEnvironment(env);
  const found = listSources(there).sources[0];
  if (!found) {
    throw new CredentialsError(
      "no_credentials",
      "A service sees no credentials: those of this terminal end with it.",
      {
        hint: "Store them first: aicore login key.json, or aicore login --from-env",
      },
    );
  }
  if (leftOut.length > 0)
    out.warn(`The service will not have ${leftOut.join(", ")}: its description is no place for secrets.`);
  const profile = settings.profile(globals.profile ?? settings.currentProfile ?? "");
  if (profile?.storage === "file" && !env.AICORE_PASSPHRASE_FILE) {
    out.warn(
      "The secret lies under a passphrase: set AICORE_PASSPHRASE_FILE and install again, or the service cannot read it.",
    );
  }
}

function write({ path, text, encoding }: ServicePlan): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { encoding, mode: 0o600 });
  } catch (cause) {
    throw new ConfigError("file_inaccessible", `Cannot write ${path}.`, { cause });
  }
}

interface Execution {
  /** Null where the program is missing or was killed. */
  code: number | null;
  said: string;
  missing: boolean;
}

function execute([program = "", ...args]: string[]): Execution {
  const {
    status: code,
    stdout,
    stderr,
    error,
  } = spawnSync(program, args, { encoding: "utf8", windowsHide: true });
  const missing = error !== undefined && "code" in error && error.code === "ENOENT";
  return { code, said: (stderr || stdout || error?.message || "").trim(), missing };
}

function executeOrThrow(command: string[]): "done" | "missing" {
  const { code, said, missing } = execute(command);
  if (missing) return "missing";
  if (code === 0) return "done";
  throw new AicoreError("service_failed", `${command.join(" ")} failed: ${said || `exit code ${code}`}`, {
    hint: "The description is written; once the system's service manager answers, install again.",
  });
}

function isRunning({ status: [program = "", ...args] }: ServicePlan): boolean {
  return execute([program, ...args]).code === 0;
}
