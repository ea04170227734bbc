/**
 * A developer's day on a terminal of 80 columns, each screen as a golden file: what it looks like is read in the
 * difference of a commit.
 */
import { expect, test } from "vitest";
import { DEFAULT_TENANT } from "../../src/sandbox/default-tenant.ts";
import { HAS_TERMINAL, type Terminal } from "../support/terminal.ts";
import { Day } from "./day.ts";

const PROMPT = "\u001b[?2004h";
const CTRL_C = "\u0003";
const MODELS = [
  "anthropic--claude-4.6-sonnet",
  "anthropic--claude-4.5-haiku",
  "gpt-4.1",
  "text-embedding-3-small",
];

test.skipIf(!HAS_TERMINAL)(
  "login, doctor, a deployment, an alias, a chat, Claude Code",
  async () => {
    const day = await Day.begin(
      DEFAULT_TENANT.filter(
        ({ model, version, group }) => MODELS.includes(model ?? "") && !version && !group,
      ),
    );
    const step = async (name: string, command: string, act: (terminal: Terminal) => Promise<void>) => {
      const terminal = day.open(command);
      await act(terminal);
      const code = await terminal.end();
      await expect(day.screen(command, terminal)).toMatchFileSnapshot(`../golden/terminal/${name}.txt`);
      expect(code).toBe(0);
      expect(day.processes()).toEqual([]);
    };
    const look = async () => {};

    const key = JSON.stringify(day.sandbox.serviceKey, null, 2).replaceAll("\n", "\r");
    await step("login", "aicore login --insecure-storage", (terminal) =>
      terminal.type("Paste the service key", `\u001b[200~${key}\u001b[201~`),
    );
    await step("status", "aicore status", look);
    await step("doctor", "aicore doctor", look);
    await step("create", "aicore deployments create anthropic--claude-4.8-opus --wait", look);
    await step("map", "aicore models map 'gpt-4*' gpt-4.1", look);
    await step("models", "aicore models list", look);
    await step("chat", "aicore chat", async (terminal) => {
      await terminal.type(PROMPT, 'say "The sky is blue."\r');
      await terminal.until("The sky is blue.");
      await terminal.until("The sky is blue.");
      await terminal.until(PROMPT);
      day.sandbox.faults.add({ afterEvents: 4, ending: "silence" });
      terminal.send('say "This answer never gets to its end."\r');
      await terminal.until("This answer never gets to its end.");
      await terminal.type("This", CTRL_C);
      await terminal.until("(stopped)");
      await terminal.type(PROMPT, "/model\r");
      await terminal.until("*");
      await terminal.type(PROMPT, "/exit\r");
    });
    await step("claude", "aicore claude --continue", look);
  },
  120_000,
);
