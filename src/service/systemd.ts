/** A systemd user unit (systemd.service(5), systemd.syntax(7), of version 252). */
import { posix } from "node:path";
import type { ServicePlan, ServiceProgram } from "./program.ts";

const UNIT = "aicore.service";
/** Usage, configuration, credentials, port, keychain: trying again would fail again. */
const HOPELESS = "2 3 4 6 7";

/** @param configHome `$XDG_CONFIG_HOME`, or `~/.config` */
export function systemdPlan(program: ServiceProgram, configHome: string): ServicePlan {
  const systemctl = (...args: string[]) => ["systemctl", "--user", ...args];
  return {
    path: posix.join(configHome, "systemd", "user", UNIT),
    text: unit(program),
    encoding: "utf8",
    install: [systemctl("daemon-reload"), systemctl("enable", UNIT), systemctl("restart", UNIT)],
    uninstall: [systemctl("disable", "--now", UNIT), systemctl("daemon-reload")],
    status: systemctl("is-active", UNIT),
  };
}

function unit({ node, script, args, environment, logFile }: ServiceProgram): string {
  const command = [node, script, ...args].map((each) => word(each)).join(" ");
  const variables = Object.entries(environment).map(
    ([name, value]) => `Environment=${word(`${name}=${value}`, false)}\n`,
  );
  return `[Unit]
Description=aicore: the models of SAP AI Core for the AI tools of this user

[Service]
ExecStart=${command}
${variables.join("")}StandardOutput=append:${specifiers(logFile)}
StandardError=append:${specifiers(logFile)}
UMask=0077
Restart=on-failure
RestartSec=5
RestartPreventExitStatus=${HOPELESS}
TimeoutStopSec=20

[Install]
WantedBy=default.target
`;
}

/** Quoted as systemd reads it; in a command line (and only there) `$` is expanded too. */
function word(text: string, inCommand = true): string {
  const quoted = `"${specifiers(text).replace(/["\\]/g, "\\$&")}"`;
  return inCommand ? quoted.replaceAll("$", "$$$$") : quoted;
}

function specifiers(text: string): string {
  return text.replaceAll("%", "%%");
}
