/**
 * A first day with aicore, as a terminal of 80 columns shows it. The screens are kept in test/golden/terminal, with times,
 * ids, ports and folders replaced; `vitest -u` writes them anew, and a change of a screen is there to be looked at.
 */
import { describe, expect, test } from "vitest";
import { HEALTHY } from "../doctor/scene.ts";
import { HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { install } from "./fake-tool.ts";
import { newWorld, type World } from "./world.ts";

const PROMPT = "\u001b[?2004h";
const CTRL_C = "\u0003";
const ANSWER = Array.from({ length: 60 }, (_, at) => `word${at}`).join(" ");

/** Types what a person would, and waits for the end. */
type Visitor = (terminal: Terminal, world: World) => Promise<void> | void;

interface Screen {
  name: string;
  args: string;
  visitor?: Visitor;
}

const SCREENS: Screen[] = [
  {
    name: "1-login",
    args: "login --insecure-storage",
    visitor: (terminal, { sandbox }) =>
      terminal.type(
        "Paste the service key",
        JSON.stringify(sandbox.serviceKey, null, 2).replaceAll("\n", "\r"),
      ),
  },
  { name: "2-doctor", args: "doctor" },
  { name: "3-deployments-create", args: "deployments create gpt-5.5 --wait" },
  { name: "4-deployments-list", args: "deployments list" },
  { name: "5-models-map", args: "models map 'gpt-4*' gpt-5.5" },
  { name: "6-models-list", args: "models list" },
  {
    name: "7-chat",
    args: "chat",
    visitor: async (terminal) => {
      await terminal.type(PROMPT, `say "${ANSWER}"\r`);
      await terminal.until('word59"');
      await terminal.type("word2 ", CTRL_C);
      await terminal.until("(stopped)");
      await terminal.type(PROMPT, 'say "still here"\r');
      await terminal.until('still here"');
      await terminal.until("still here");
      await terminal.type(PROMPT, "\u0004");
    },
  },
  { name: "8-claude", args: "claude -p hello" },
  { name: "9-status", args: "status" },
  { name: "10-unknown-model", args: "chat -m gtp-5.5 hello" },
];

describe.skipIf(!HAS_TERMINAL)("a session in a terminal", () => {
  test("shows these screens", async () => {
    const world = await newWorld({ deployments: HEALTHY, pace: 40 });
    world.env.LANG = "C.UTF-8";
    install(
      world,
      "claude",
      '#!/bin/sh\necho "I am Claude Code, and my model is $ANTHROPIC_DEFAULT_OPUS_MODEL."\n',
    );
    for (const { name, args, visitor } of SCREENS) {
      const terminal = new Terminal(world, args);
      await visitor?.(terminal, world);
      await terminal.code;
      const screen = `$ aicore ${args}\n${constant(terminal.lines, world)}\n`;
      await expect(screen).toMatchFileSnapshot(`../golden/terminal/${name}.txt`);
    }
  }, 60_000);
});

/** What is the same in every run and on every machine: the lines up to what the terminal says of itself. */
function constant(lines: string[], world: World): string {
  const end = lines.findIndex((line) => /^speed \d+ baud/.test(line));
  return lines
    .slice(0, end === -1 ? undefined : end)
    .join("\n")
    .replaceAll(world.home, "<aicore>")
    .replaceAll(String(world.env.HOME), "<home>")
    .replaceAll(world.sandbox.url, "<sandbox>");
}
