/** When to colour, and the few colours there are. Plain ANSI pairs: a chalk instance is made once, here. */
import { Chalk, type ChalkInstance } from "chalk";

export interface ColorTarget {
  isTTY?: boolean | undefined;
}

/**
 * Whether text to `target` may carry colour. The first rule that speaks wins: `--no-color`, NO_COLOR (no-color.org:
 * any non-empty value), FORCE_COLOR and CLICOLOR_FORCE, then CI, TERM=dumb and anything but a terminal mean no.
 */
export function wantsColor(target: ColorTarget, env: NodeJS.ProcessEnv, flag: boolean): boolean {
  if (!flag || env.NO_COLOR) return false;
  for (const force of [env.FORCE_COLOR, env.CLICOLOR_FORCE]) {
    if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  }
  return target.isTTY === true && !env.CI && env.TERM !== "dumb";
}

export interface Palette {
  good(text: string): string;
  warning(text: string): string;
  bad(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

export function paletteFor(colored: boolean): Palette {
  const chalk: ChalkInstance = new Chalk({ level: colored ? 1 : 0 });
  return { good: chalk.green, warning: chalk.yellow, bad: chalk.red, strong: chalk.bold, faint: chalk.dim };
}
