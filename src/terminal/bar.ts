/** Bars of a chart that is made of letters. */

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Whether a terminal shows the block letters: not where its locale is of another encoding, or it can do little. */
export function showsBlocks(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): boolean {
  if (env.TERM === "dumb") return false;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return platform === "win32" || platform === "darwin" || /utf-?8/i.test(locale ?? "");
}

/**
 * As long as `part` (0 to 1) of `width` letters, to an eighth of a letter; where there is something, there is
 * something to see.
 */
export function bar(part: number, width: number, blocks: boolean): string {
  if (!(part > 0)) return "";
  const eighths = Math.max(1, Math.round(Math.min(part, 1) * width * 8));
  if (!blocks) return "#".repeat(Math.max(1, Math.round(eighths / 8)));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}
