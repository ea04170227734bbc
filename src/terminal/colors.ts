/** When to colour, and the few colours there are. */
import { styleText } from "node:util";

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

/** Node's own pairs of codes: to load chalk took every command 10 ms (5.6, Node 20, 2026-11). */
export function paletteFor(colored: boolean): Palette {
  const paint = (style: Parameters<typeof styleText>[0]) => (text: string) =>
    colored && text !== "" ? styleText(style, text, { validateStream: false }) : text;
  return {
    good: paint("green"),
    warning: paint("yellow"),
    bad: paint("red"),
    strong: paint("bold"),
    faint: paint("dim"),
  };
}
