import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ECHOES, HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { loggedInWorld, type World } from "./world.ts";

const PROMPT = "\u001b[?2004h";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

/** What the models were asked, oldest first: the body of each request. */
function conversations(world: World): string[] {
  return world.sandbox.requests.filter(({ kind }) => kind === "inference").map(({ body }) => body);
}

describe.skipIf(!HAS_TERMINAL)("a conversation on a terminal", () => {
  test("remembers what was said, forgets it with /clear, and writes nothing to disk", async () => {
    const world = await loggedInWorld();
    const terminal = new Terminal(world, "chat");
    await terminal.until("Chat with anthropic--claude-4.8-opus. /help lists the commands");
    await terminal.type(PROMPT, 'say "first answer"\r');
    await terminal.until('first answer"');
    await terminal.until("first answer");
    await terminal.type(PROMPT, 'say "second answer"\r');
    await terminal.until('second answer"');
    await terminal.until("second answer");
    await terminal.type(PROMPT, "/clear\r");
    await terminal.type(PROMPT, 'say "third answer"\r');
    await terminal.until('third answer"');
    await terminal.until("third answer");
    await terminal.type(PROMPT, CTRL_D);
    expect(await terminal.code).toBe(0);
    expect(terminal.shown).toMatch(ECHOES);
    const [first = "", second = "", third = ""] = conversations(world);
    expect(first).not.toContain("assistant");
    expect(second).toContain('"content":"first answer"');
    expect(third).not.toContain("first answer");
    expect(readdirSync(world.home)).toEqual(["key.json", "state"]);
    // What it cost, and nothing of what was said.
    const kept = readdirSync(join(world.home, "state"));
    expect(kept.filter((name) => !/^(keys|usage)\.db|^usage-spool$/.test(name))).toEqual([]);
  });

  test("Ctrl-C stops the answer and not the program; a second one leaves", async () => {
    const world = await loggedInWorld({ pace: 40 });
    const words = Array.from({ length: 200 }, (_, at) => `word${at}`).join(" ");
    const terminal = new Terminal(world, "chat");
    await terminal.type(PROMPT, `say "${words}"\r`);
    await terminal.until('word199"');
    await terminal.type("word2 ", CTRL_C);
    await terminal.until("(stopped)");
    await terminal.type(PROMPT, 'say "still here"\r');
    await terminal.until('still here"');
    await terminal.until("still here");
    await terminal.type(PROMPT, CTRL_C);
    await terminal.until("Press Ctrl-C again, or Ctrl-D, to leave.");
    await terminal.type(PROMPT, CTRL_C);
    expect(await terminal.code).toBe(0);
    expect(terminal.shown).toMatch(ECHOES);
  });

  test("Ctrl-C on a begun line throws the line away", async () => {
    const world = await loggedInWorld();
    const terminal = new Terminal(world, "chat");
    await terminal.type(PROMPT, `never sent${CTRL_C}`);
    await terminal.type("> ", 'say "sent"\r');
    await terminal.until('sent"');
    await terminal.until("sent");
    await terminal.type(PROMPT, "/exit\r");
    expect(await terminal.code).toBe(0);
    expect(conversations(world)).toEqual([expect.not.stringContaining("never")]);
  });

  test.each([
    ["a trailing backslash", "say exactly\\\rone\\\rtwo\r"],
    ["a paste with marks", "\u001b[200~say exactly\rone\rtwo\u001b[201~\r"],
    ["a paste without marks", "say exactly\rone\rtwo\r"],
  ])("%s makes one message of several lines", async (_name, typed) => {
    const world = await loggedInWorld();
    const terminal = new Terminal(world, "chat");
    await terminal.type(PROMPT, typed);
    await terminal.type(PROMPT, CTRL_D);
    expect(await terminal.code).toBe(0);
    expect(conversations(world)).toEqual([expect.stringContaining("say exactly\\none\\ntwo")]);
  });

  test("/model lists, changes, and knows what was meant", async () => {
    const world = await loggedInWorld();
    const terminal = new Terminal(world, "chat -m sonnet");
    await terminal.type(PROMPT, "/model\r");
    await terminal.until("*  anthropic--claude-4.6-sonnet");
    await terminal.type(PROMPT, "/model gpt-5.5\r");
    await terminal.until("Now with gpt-5.5.");
    await terminal.type(PROMPT, 'say "from gpt"\r');
    await terminal.until('from gpt"');
    await terminal.until("from gpt");
    await terminal.type(PROMPT, "/model hiaku\r");
    await terminal.until("you mean haiku?");
    await terminal.type(PROMPT, "/moddel\r");
    await terminal.until("There is no /moddel here. Did you mean /model?");
    await terminal.type(PROMPT, "/help\r");
    await terminal.until("/clear          forget what was said");
    await terminal.type(PROMPT, "/exit\r");
    expect(await terminal.code).toBe(0);
  });

  test("an error is told and the conversation goes on where it was", async () => {
    const world = await loggedInWorld();
    const terminal = new Terminal(world, "chat");
    await terminal.type(PROMPT, 'say "before"\r');
    await terminal.until('before"');
    await terminal.until("before");
    world.sandbox.faults.add({ status: 400, body: { message: "that was too much" } });
    await terminal.type(PROMPT, "lost words\r");
    await terminal.until("Error: ");
    await terminal.type(PROMPT, 'say "after"\r');
    await terminal.until('after"');
    await terminal.until("after");
    await terminal.type(PROMPT, CTRL_D);
    expect(await terminal.code).toBe(0);
    expect(terminal.shown).toContain("that was too much");
    expect(conversations(world).at(-1)).toContain("before");
    expect(conversations(world).at(-1)).not.toContain("lost words");
  });

  test("-v shows what the model thinks, dimmed, and the tokens", async () => {
    const world = await loggedInWorld();
    const terminal = new Terminal(world, "-v chat");
    await terminal.type(PROMPT, 'say "aloud"\r');
    await terminal.until("\u001b[2mI ");
    await terminal.until("tokens in");
    await terminal.type(PROMPT, CTRL_D);
    expect(await terminal.code).toBe(0);
    expect(terminal.lines).toEqual(expect.arrayContaining(["I say what I am told to.", "aloud"]));
  });

  test("an answer cannot drive the terminal", async () => {
    const world = await loggedInWorld();
    const terminal = new Terminal(world, "chat 'say \"a\u001b[31mred\u0007\"'");
    expect(await terminal.code).toBe(0);
    expect(terminal.shown).toContain("a[31mred");
  });
});
