/** The table of all checks, in the order in which they are shown. */
import type { Section } from "./check.ts";
import { ACCOUNT } from "./checks/account.ts";
import { CREDENTIALS } from "./checks/credentials.ts";
import { DEPLOYMENTS } from "./checks/deployments.ts";
import { LOCAL } from "./checks/local.ts";
import { MACHINE } from "./checks/machine.ts";
import { NETWORK } from "./checks/network.ts";
import { SETTINGS } from "./checks/settings.ts";
import { TOOLS } from "./checks/tools.ts";

export const SECTIONS: readonly Section[] = [
  { title: "This machine", checks: [...MACHINE, ...SETTINGS] },
  { title: "Credentials", checks: CREDENTIALS },
  { title: "Network", checks: NETWORK },
  { title: "SAP AI Core", checks: [...ACCOUNT, ...DEPLOYMENTS] },
  { title: "Proxy", checks: LOCAL },
  { title: "Tools", checks: TOOLS },
];
