/** When to colour, and the few colours there are. */

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

/** No colours. */
export const PLAIN: Palette = {
  good: (text) => text,
  warning: (text) => text,
  bad: (text) => text,
  strong: (text) => text,
  faint: (text) => text,
};

/** chalk is loaded for those who see colours: it takes a command 10 ms (5.6, Node 20, 2026-11). */
export async function paletteFor(colored: boolean): Promise<Palette> {
  if (!colored) return PLAIN;
  const { Chalk } = await import("chalk");
  const { green, yellow, red, bold, dim } = new Chalk({ level: 1 });
  return { good: green, warning: yellow, bad: red, strong: bold, faint: dim };
}
