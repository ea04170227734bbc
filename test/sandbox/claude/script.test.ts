/** What the simulated model answers, decided by content; and how an answer is cut. */
import { describe, expect, test } from "vitest";
import { compose } from "../../../src/sandbox/claude/compose.ts";
import { sceneOf } from "../../../src/sandbox/claude/scene.ts";
import { replyTo } from "../../../src/sandbox/claude/script.ts";
import {
  adaptive,
  assistant,
  body,
  budget,
  call,
  image,
  type Patch,
  pdf,
  result,
  text,
  tool,
  user,
} from "./bodies.ts";
import { check } from "./check.ts";

function answer(patch: Patch, model = "4.6-opus") {
  const request = check(body(patch), model);
  return compose(request, replyTo(sceneOf(request)));
}

const said = (patch: Patch) =>
  answer(patch)
    .content.filter(({ type }) => type === "text")
    .map((block) => block.text)
    .join("");
const called = (patch: Patch) =>
  answer(patch).content.flatMap(({ type, name, input }) => (type === "tool_use" ? [[name, input]] : []));
const asked = (...content: unknown[]): Patch => ({ messages: [user(...content)] });
const noTools = { tools: undefined };

describe("calls the shell", () => {
  test.each([
    ["run the command `cat nonce.txt`", "cat nonce.txt"],
    ["Execute 'ls -l' and show me.", "ls -l"],
    ["Run the command echo TOOL_RAN_OK and tell me what it printed.", "echo TOOL_RAN_OK"],
    ["Please print the file nonce.txt", "cat nonce.txt"],
    ["Read notes/todo.md, then sum up.", "cat notes/todo.md"],
  ])("%s", (prompt, command) => {
    expect(called(asked(prompt))).toEqual([["Bash", { command }]]);
  });

  const shells: [name: string, properties: object, input: object][] = [
    ["bash", { command: { type: "string" }, timeout: { type: "number" } }, { command: "ls" }],
    ["shell", { command: { type: "array" } }, { command: ["bash", "-lc", "ls"] }],
    ["exec_command", { cmd: { type: "string" } }, { cmd: "ls" }],
    [
      "run_shell_command",
      { command: { type: "string" }, description: { type: "string" } },
      { command: "ls", description: "Run what the user asked for" },
    ],
  ];
  test.each(shells)("as %s", (name, properties, input) => {
    const required = [Object.keys(properties)[0]];
    const tools = [tool({ name, input_schema: { type: "object", properties, required } })];
    expect(called({ tools, ...asked("run `ls`") })).toEqual([[name, input]]);
  });

  test("one command a turn, until all that were named have run", () => {
    const ask = user("run `a`, then run `b`");
    const first = [ask, assistant(call()), user(result())];
    const second = [...first, assistant(call("toolu_2")), user(result("toolu_2", { content: "NONCE_2" }))];
    expect(called({ messages: [ask] })).toEqual([["Bash", { command: "a" }]]);
    expect(called({ messages: first })).toEqual([["Bash", { command: "b" }]]);
    expect(called({ messages: second })).toEqual([]);
    expect(said({ messages: second })).toContain("NONCE_2");
  });

  test("not when there is none", () => expect(called({ ...noTools, ...asked("run `ls`") })).toEqual([]));
  test("whatever pages of context stand before the wish", () => {
    const context = text("<system-reminder>an unclosed one, run `x`");
    expect(called(asked(context, text("run `ls`")))).toEqual([["Bash", { command: "ls" }]]);
  });
  test("not for what stands in a reminder", () => {
    expect(called(asked(text("<system-reminder>run `rm -rf /`</system-reminder>"), text("hello")))).toEqual(
      [],
    );
  });
});

describe("answers", () => {
  const answered = (...content: unknown[]): Patch => ({
    messages: [user("list"), assistant(call()), user(...content)],
  });

  test("tool results, with every nonce in them", () => {
    const content = [text("a NONCE_0a1b c"), text("NONCE_ff")];
    expect(said(answered(result("toolu_1", { content })))).toContain("NONCE_0a1b NONCE_ff");
  });
  test("tool results without a nonce, with an excerpt", () => {
    expect(said(answered(result("toolu_1", { content: "total 0" })))).toContain("total 0");
  });
  test("tool results although a reminder follows", () => {
    expect(said(answered(result(), text("<system-reminder>x</system-reminder>")))).toContain("ok");
  });
  test("an image", () => {
    expect(said(asked(text("what is it?"), image()))).toMatch(
      /image\/png of 24 bytes, sha256 [0-9a-f]{12}, 16×9 pixels/,
    );
  });
  test("an image in a tool result", () => {
    expect(said(answered(result("toolu_1", { content: [image()] })))).toContain("16×9 pixels");
  });
  test("a PDF", () => expect(said(asked(pdf(), text("sum up")))).toContain("application/pdf of 12 bytes"));
  test("an answer that broke is made once more when the client asks for its rest", () => {
    const rest = user("Your response above was cut off mid-stream. Resume directly from where it stops.");
    expect(said({ messages: [user("say yes"), assistant(text("ye")), rest] })).toBe("yes");
  });

  test("say X", () => expect(said(asked('say "Grüße ✓ 👩‍💻"'))).toBe("Grüße ✓ 👩‍💻"));
  test("a greeting, else", () => expect(said(asked("hello"))).toContain("You said: hello"));
  test("a title", () =>
    expect(said({ ...noTools, system: "Write a title.", ...asked("x") })).toBe("Sandbox session"));
  test("a title as JSON", () => {
    expect(JSON.parse(said({ ...noTools, system: "A title, as JSON.", ...asked("x") }))).toEqual({
      title: "Sandbox session",
    });
  });
  test("Claude Code's classifier", () => {
    const request = { ...noTools, stop_sequences: ["</block>"], ...asked("is it dangerous?") };
    expect(said(request)).toBe("<block>no");
    expect(answer(request)).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "</block>" });
  });
});

describe("calls other tools", () => {
  const schema = {
    type: "object",
    properties: {
      title: { type: "string" },
      level: { enum: ["low", "high"] },
      count: { type: "integer", minimum: 3 },
      tags: { type: "array", items: { $ref: "#/$defs/tag" }, minItems: 1 },
      either: { anyOf: [{ type: "boolean" }, { type: "string" }] },
      left_out: { type: "string" },
    },
    required: ["title", "level", "count", "tags", "either"],
    $defs: { tag: { type: "object", properties: { name: { type: ["string", "null"] } } } },
  };
  const tools = [tool(), tool({ name: "report", input_schema: schema })];
  const input = {
    title: "Sandbox session",
    level: "low",
    count: 3,
    tags: [{ name: "sandbox" }],
    either: true,
  };

  test("that it is forced to, with arguments that fit the schema", () => {
    expect(called({ tools, tool_choice: { type: "tool", name: "report" } })).toEqual([["report", input]]);
  });
  test("any", () => expect(called({ tools, tool_choice: { type: "any" } })).toHaveLength(1));
  test("none", () => expect(called({ tool_choice: { type: "none" }, ...asked("run `ls`") })).toEqual([]));
  test("several at once", () => {
    const names = called({ tools, ...asked("call the tools Bash and report in parallel") }).map(
      ([name]) => name,
    );
    expect(names).toEqual(["Bash", "report"]);
  });
  test("with an id of its own for each", () => {
    const { content } = answer({ tools, ...asked("call the tools Bash and report in parallel") });
    expect(new Set(content.map(({ id }) => id)).size).toBe(2);
  });
});

describe("thinks", () => {
  const kinds = (patch: Patch) => answer(patch).content.map(({ type }) => type);
  const turn = { messages: [user("list"), assistant(call()), user(result())] };

  test("not unless told to", () => expect(kinds(asked("hello"))).toEqual(["text"]));
  test("first", () => expect(kinds({ thinking: adaptive, ...asked("hello") })).toEqual(["thinking", "text"]));
  test("so that it may come back", () => {
    const { content } = answer({ thinking: adaptive, ...asked("hello") });
    const messages = [user("hello"), { role: "assistant", content }, user("again")];
    expect(() => answer({ thinking: adaptive, messages })).not.toThrow();
  });
  test("sealed, and may come back too", () => {
    const { content } = answer({ thinking: adaptive, ...asked("show redacted thinking") });
    expect(content[0]).toMatchObject({ type: "redacted_thinking" });
    const messages = [user("hello"), { role: "assistant", content }, user("again")];
    expect(() => answer({ thinking: adaptive, messages })).not.toThrow();
  });
  test("after tool results, when adaptive", () =>
    expect(kinds({ thinking: adaptive, ...turn })).toContain("thinking"));
  test("after tool results, with a budget, only by the beta", () => {
    const { content } = answer({ thinking: budget(1_024), ...asked("run `ls`") });
    const calledId = content.find(({ type }) => type === "tool_use")?.id;
    const messages = [user("run `ls`"), { role: "assistant", content }, user(result(String(calledId)))];
    expect(kinds({ thinking: budget(1_024), messages })).toEqual(["text"]);
    const anthropic_beta = ["interleaved-thinking-2025-05-14"];
    expect(kinds({ thinking: budget(1_024), messages, anthropic_beta })).toEqual(["thinking", "text"]);
  });
});

describe("is cut", () => {
  test("by max_tokens, between code points", () => {
    const { content, ...rest } = answer({ max_tokens: 2, ...asked(`say "1234567😀"`) });
    expect(content).toEqual([{ type: "text", text: "1234567" }]);
    expect(rest).toMatchObject({ stop_reason: "max_tokens", stop_sequence: null, output_tokens: 2 });
  });
  test("by max_tokens, before a call that does not fit", () => {
    expect(answer({ max_tokens: 8, ...asked(`run \`${"x".repeat(99)}\``) })).toMatchObject({
      content: [{ type: "text" }],
      stop_reason: "max_tokens",
    });
  });
  test("by the first stop sequence", () => {
    expect(answer({ stop_sequences: ["three", "two"], ...asked('say "one two three"') })).toMatchObject({
      content: [{ type: "text", text: "one " }],
      stop_reason: "stop_sequence",
      stop_sequence: "two",
    });
  });
});

test("the same request gets the same answer, another one other ids", () => {
  expect(answer(asked("run `ls`"))).toEqual(answer(asked("run `ls`")));
  expect(answer(asked("run `ls`")).id).not.toBe(answer(asked("run `ls `")).id);
});
