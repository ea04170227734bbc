/** The command table: all that `--help` needs to know. A new command is one file and one row. */
import { ACCOUNT } from "./table/account.ts";
import { KEYS } from "./table/keys.ts";
import { MODELS } from "./table/models.ts";
import { MORE } from "./table/more.ts";
import { GLOBAL_OPTIONS } from "./table/options.ts";
import { PROXY } from "./table/proxy.ts";
import { TOOLS } from "./table/tools.ts";
import type { CommandRow } from "./types.ts";

export { GLOBAL_OPTIONS };

/** Where commander's own `help` stands too. */
export const LAST_GROUP = "More";

export const COMMANDS: CommandRow[] = [
  ...grouped("Account", ACCOUNT),
  ...grouped("Models", MODELS),
  ...grouped("Tools", TOOLS),
  ...grouped("Proxy", [...PROXY, ...KEYS]),
  ...grouped(LAST_GROUP, MORE),
];

function grouped(group: string, rows: readonly CommandRow[]): CommandRow[] {
  return rows.map((row) => ({ ...row, group }));
}
