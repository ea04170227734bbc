/** Flags of Node that let others into the memory of a process that holds tokens (security T8). */

const FLAGS: [flag: RegExp, danger: string][] = [
  [/--inspect(-brk|-wait)?(?=[=\s]|$)/, "a debugger can read the token"],
  [/--(experimental-)?report-[\w-]+|--heapsnapshot-[\w-]+/, "the file that it writes can hold the token"],
];

/** A sentence for every such flag in NODE_OPTIONS or among Node's own arguments. */
export function debugFlagWarnings(env: NodeJS.ProcessEnv, args: readonly string[]): string[] {
  const options = [...args, env.NODE_OPTIONS ?? ""].join(" ");
  return FLAGS.flatMap(([flag, danger]) => {
    const [found] = flag.exec(options) ?? [];
    return found === undefined ? [] : [`Node was started with ${found}: ${danger}.`];
  });
}
