/** Lines of a chat that are for us and not for the model. */
import { nearest } from "../config/rules.ts";

export const SLASH_COMMANDS = {
  model: "/model [name]   change the model, or list what there is",
  clear: "/clear          forget what was said",
  help: "/help           this list",
  exit: "/exit           leave (Ctrl-D does it too)",
} as const;

export type SlashName = keyof typeof SLASH_COMMANDS;

export type Slash = { name: SlashName; argument: string } | { unknown: string; meant: string | undefined };

/** A line such as `/model opus`; undefined for what the model is to read, paths (`/etc/hosts …`) included. */
export function slashIn(text: string): Slash | undefined {
  const [, word, argument = ""] = /^\/([a-z]+)(?:[ \t]+(.*))?$/i.exec(text.trim()) ?? [];
  if (word === undefined) return undefined;
  const names = Object.keys(SLASH_COMMANDS) as SlashName[];
  const wanted = word.toLowerCase() === "quit" ? "exit" : word.toLowerCase();
  const name = names.find((each) => each === wanted);
  return name ? { name, argument: argument.trim() } : { unknown: `/${word}`, meant: nearest(wanted, names) };
}
