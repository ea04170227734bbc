/** The plot: what the simulated model answers, decided by what it reads. The first row that fits speaks. */
import type { JsonObject } from "../../hub/json.ts";
import { argumentsFor } from "./arguments.ts";
import { describeMedia } from "./media.ts";
import type { Scene } from "./scene.ts";
import type { Tool } from "./wire.ts";

export interface Reply {
  /** What it thinks first, when thinking is on. */
  thought: string;
  /** The thought travels sealed, as `redacted_thinking`. */
  sealed?: boolean;
  text?: string;
  calls?: { name: string; input: JsonObject }[];
}

/** Names under which agents offer their shell. */
const SHELLS: readonly string[] = ["Bash", "bash", "shell", "exec_command", "run_shell_command"];
const RUN = /\b(?:run|execute)\b[^`"'\n]*?[`"']([^`"'\n]+)[`"']/gi;
const RUN_BARE = /\brun the command ([^\n]+?)(?: and (?:tell|show|then)\b[^\n]*)?[.\s]*$/im;
const PRINT_FILE = /\b(?:print|show|read|cat|display|output)\b[^\n]*?\b([\w./-]+\.[a-z]{2,4})\b/i;
/** Names under which agents offer to look at a file. */
const READERS: readonly string[] = ["Read", "read", "read_file", "view_image"];
const LOOK_AT = /\blook at (?:the )?(?:image|picture|file|document) [`"']?([\w./-]+\.\w{3,4})/i;
const IN_PARALLEL = /\bcall (?:the )?tools? ([\w-]+(?:(?:,| and|, and) [\w-]+)*)/i;
const SAY = /\bsay:? (?:exactly )?["“]?([\s\S]+?)["”]?\.?$/i;
const NONCE = /NONCE_[0-9a-f]+/g;
const EXCERPT = 200;

type Row = (scene: Scene) => Reply | undefined;

/** The order matters: a wish for several commands is served before their results are retold. */
const PLOT: readonly Row[] = [
  forcedTool,
  lookAtFile,
  shellCommand,
  namedTools,
  media,
  toolResults,
  verdict,
  title,
  say,
];
const SEALED = /\bredacted thinking\b/i;

export function replyTo(scene: Scene): Reply {
  const reply = PLOT.reduce<Reply | undefined>((found, row) => found ?? row(scene), undefined) ?? echo(scene);
  return SEALED.test(scene.prompt) ? { ...reply, sealed: true } : reply;
}

function echo({ prompt }: Scene): Reply {
  return {
    thought: `Nothing to do but to answer. The user wrote ${prompt.length} characters.`,
    text: `Hello from the simulated SAP AI Core ✓ You said: ${prompt || "nothing"}`,
  };
}

function forcedTool({ forced, tools, prompt }: Scene): Reply | undefined {
  const tool = forced === "any" ? tools[0] : tools.find(({ name }) => name === forced);
  if (tool === undefined) return undefined;
  return { thought: `I have to call ${tool.name}.`, calls: [callOf(tool, prompt)] };
}

/** One command a turn, in the order of the prompt, as many turns as it names commands. */
function shellCommand({ tools, prompt, calls }: Scene): Reply | undefined {
  const shell = tools.find(({ name }) => SHELLS.includes(name));
  const command = commandsIn(prompt)[calls];
  if (shell === undefined || command === undefined) return undefined;
  const known = { command, cmd: command, description: "Run what the user asked for" };
  return {
    thought: `The user wants to see what \`${command}\` prints. I use ${shell.name}.`,
    text: "I’ll run that – one moment.",
    calls: [{ name: shell.name, input: argumentsFor(shell.input_schema, known) }],
  };
}

/** "Look at the image logo.png": with the tool that shows files, so that the picture comes back in its result. */
function lookAtFile({ tools, prompt, calls }: Scene): Reply | undefined {
  const path = LOOK_AT.exec(prompt)?.[1];
  const reader = tools.find(({ name }) => READERS.includes(name));
  if (path === undefined || reader === undefined || calls > 0) return undefined;
  const known = { file_path: path, path, filePath: path, absolute_path: path };
  return {
    thought: `I have to see ${path}.`,
    calls: [{ name: reader.name, input: argumentsFor(reader.input_schema, known) }],
  };
}

function commandsIn(prompt: string): string[] {
  const quoted = [...prompt.matchAll(RUN)].map((match) => match[1] ?? "");
  if (quoted.length > 0) return quoted;
  const bare = RUN_BARE.exec(prompt)?.[1];
  if (bare !== undefined) return [bare];
  const file = PRINT_FILE.exec(prompt)?.[1];
  return file === undefined ? [] : [`cat ${file}`];
}

/** "Call the tools a and b in parallel": all at once, if the tools are there and not yet called. */
function namedTools({ tools, prompt, calls }: Scene): Reply | undefined {
  const names = (IN_PARALLEL.exec(prompt)?.[1] ?? "").split(/,? and |, /);
  const chosen = names.flatMap((name) => tools.find((tool) => tool.name === name) ?? []);
  if (calls > 0 || chosen.length === 0) return undefined;
  return {
    thought: `I call ${names.join(" and ")}.`,
    calls: chosen.map((tool) => callOf(tool, prompt)),
  };
}

function media({ media: shown }: Scene): Reply | undefined {
  if (shown.length === 0) return undefined;
  const lines = shown.map((block) => `I see: ${describeMedia(block)}.`);
  return { thought: "Something to look at.", text: lines.join("\n") };
}

function toolResults({ results }: Scene): Reply | undefined {
  if (results.length === 0) return undefined;
  const all = results.join("\n");
  const nonces = [...new Set(all.match(NONCE))];
  const told = nonces.length > 0 ? nonces.join(" ") : all.slice(0, EXCERPT).trim() || "nothing";
  return {
    thought: `${results.length} result(s) came back. I tell the user what is in them.`,
    text: `Done ✓ The tool answered: ${told}`,
  };
}

/** Claude Code's auto mode asks a classifier for `<block>yes` or `<block>no`: nothing here is dangerous. */
function verdict({ stopSequences, system, prompt }: Scene): Reply | undefined {
  return stopSequences.includes("</block>") || `${system}${prompt}`.includes("<block>")
    ? { thought: "Harmless.", text: "<block>no</block>" }
    : undefined;
}

/** Agents ask for the title of a session, some of them as JSON. */
function title({ system, prompt, tools }: Scene): Reply | undefined {
  const wish = `${system}\n${prompt}`;
  if (tools.length > 0 || !/\btitle\b/i.test(wish)) return undefined;
  const text = "Sandbox session";
  return { thought: "A title.", text: /\bjson\b/i.test(wish) ? JSON.stringify({ title: text }) : text };
}

function say({ prompt }: Scene): Reply | undefined {
  const words = SAY.exec(prompt)?.[1];
  return words === undefined ? undefined : { thought: "I say what I am told to.", text: words };
}

function callOf(tool: Tool, prompt: string): { name: string; input: JsonObject } {
  const first = prompt.split("\n")[0]?.slice(0, 60) || "sandbox";
  return {
    name: tool.name,
    input: argumentsFor(tool.input_schema, { title: "Sandbox session", query: first }),
  };
}
