/**
 * A task of the Windows Task Scheduler that starts when the user logs on (Task Scheduler Schema 1.2, schtasks of Windows
 * 10). A task holds no variables: those that the service needs have to be the user's own (`setx`).
 */
import { win32 } from "node:path";
import type { ServicePlan, ServiceProgram } from "./program.ts";
import { xmlText } from "./xml.ts";

const TASK = "aicore";

/**
 * @param folder where the description is kept
 * @param user `DOMAIN\name`
 */
export function windowsTaskPlan(program: ServiceProgram, folder: string, user: string): ServicePlan {
  const path = win32.join(folder, "aicore-task.xml");
  return {
    path,
    text: `\ufeff${task(program, user)}`,
    encoding: "utf16le",
    install: [
      ["schtasks", "/Create", "/TN", TASK, "/XML", path, "/F"],
      ["schtasks", "/Run", "/TN", TASK],
    ],
    uninstall: [
      ["schtasks", "/End", "/TN", TASK],
      ["schtasks", "/Delete", "/TN", TASK, "/F"],
    ],
    status: ["schtasks", "/Query", "/TN", TASK],
  };
}

/** `conhost --headless` (Windows 10 1809 on) keeps the console window of Node away. */
function task({ node, script, args }: ServiceProgram, user: string): string {
  const words = ["--headless", node, script, ...args].map(windowsWord).join(" ");
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>aicore: the models of SAP AI Core for the AI tools of this user</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <UserId>${xmlText(user)}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="user">
      <UserId>${xmlText(user)}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Hidden>true</Hidden>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>3</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="user">
    <Exec>
      <Command>conhost.exe</Command>
      <Arguments>${xmlText(words)}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/** As `CommandLineToArgvW` reads it: backslashes count only before a quote. */
function windowsWord(word: string): string {
  if (/^[^\s"]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}
