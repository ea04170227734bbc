/** A launchd agent of the logged-in user (launchd.plist(5), launchctl(1), macOS 10.10 on). */
import { posix } from "node:path";
import type { ServicePlan, ServiceProgram } from "./program.ts";
import { xmlText } from "./xml.ts";

const LABEL = "aicore.serve";

export function launchdPlan(program: ServiceProgram, home: string, uid: number): ServicePlan {
  const path = posix.join(home, "Library", "LaunchAgents", `${LABEL}.plist`);
  const domain = `gui/${uid}`;
  return {
    path,
    text: plist(program),
    encoding: "utf8",
    install: [["launchctl", "bootstrap", domain, path]],
    uninstall: [["launchctl", "bootout", `${domain}/${LABEL}`]],
    status: ["launchctl", "print", `${domain}/${LABEL}`],
  };
}

/** `SuccessfulExit` false: started again after a crash, not after `aicore stop`. 63 is 0077. */
function plist({ node, script, args, environment, logFile }: ServiceProgram): string {
  const words = [node, script, ...args].map((word) => `    <string>${xmlText(word)}</string>\n`).join("");
  const variables = Object.entries(environment)
    .map(([name, value]) => `    <key>${xmlText(name)}</key>\n    <string>${xmlText(value)}</string>\n`)
    .join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words}  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables}  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>30</integer>
  <key>ExitTimeOut</key>
  <integer>20</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardOutPath</key>
  <string>${xmlText(logFile)}</string>
  <key>StandardErrorPath</key>
  <string>${xmlText(logFile)}</string>
</dict>
</plist>
`;
}
