/** A long conversation as Claude Code sends it: system blocks, tools with schemas, calls and the files they read. */
import type { Body } from "./requests.ts";

const TOOLS = 40;
const TURNS = 60;
/** The load generator counts its requests here, so that no two are the same. */
const COUNT = `@N${"0".repeat(20)}`;
const EPHEMERAL = { type: "ephemeral" };
const PROSE =
  "Use this when a file has to be read before it is changed; prefer exact edits over whole rewrites, and say what was done. ";
const CODE = [
  "export function shareOf(part: number, whole: number): number {",
  "  // Größe ÷ Summe: „0“ statt NaN, wenn nichts da ist – sonst bricht die Tabelle.",
  '  return whole === 0 ? 0 : part / whole; // "quoted" and back\\slashed',
  "}",
  "",
].join("\n");

/**
 * Of 540 KB, every block of which the upstream takes as it is: only top-level members have to be changed. What its last
 * message holds is new each time, as in an agent's next turn.
 */
export function longConversation(): Body {
  return conversation((index) => index === TURNS - 1);
}

/** The same, of which every message, tool and system block is new each time. */
export function newConversation(): Body {
  return conversation(() => true);
}

/** @param isNew which turns are new each time; where the first is, so are system and tools */
function conversation(isNew: (index: number) => boolean): Body {
  const count = (index: number) => (isNew(index) ? COUNT : "");
  return {
    max_tokens: 32_000,
    system: [
      { type: "text", text: `You are an agent that works on code, with the user, through tools.${count(0)}` },
      { type: "text", text: PROSE.repeat(160) + count(0), cache_control: EPHEMERAL },
    ],
    tools: Array.from({ length: TOOLS }, (_, index) => tool(index, count(0))),
    messages: [
      {
        role: "user",
        content: [{ type: "text", text: `Find out why the table breaks and mend it.${count(0)}` }],
      },
      ...Array.from({ length: TURNS }, (_, index) => turn(index, count(index))).flat(),
    ],
    metadata: { user_id: "user_0123456789abcdef_account__session_00000000-0000-4000-8000-000000000000" },
    thinking: { type: "adaptive" },
    context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
  };
}

/** The same with two things in it that Bedrock refuses: a `scope` in a breakpoint, and a system message in the history. */
export function longConversationToClean(): Body {
  const body = longConversation();
  const [first, ...rest] = body.messages as object[];
  const [opening, rules] = body.system as object[];
  return {
    ...body,
    system: [opening, { ...rules, cache_control: { ...EPHEMERAL, scope: "global" } }],
    messages: [first, { role: "system", content: "# Environment\nA shell on Linux." }, ...rest],
  };
}

function tool(index: number, count: string): object {
  return {
    name: `tool_${index}`,
    description: PROSE.repeat(12) + count,
    input_schema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: {
        path: { type: "string", description: PROSE },
        lines: { type: "array", items: { type: "integer", minimum: 1 }, description: PROSE },
        force: { type: "boolean", description: PROSE, default: false },
      },
      required: ["path"],
      additionalProperties: false,
    },
  };
}

function turn(index: number, count: string): object[] {
  const id = `toolu_bdrk_${String(index).padStart(20, "0")}`;
  const last = index === TURNS - 1;
  return [
    {
      role: "assistant",
      content: [
        { type: "text", text: PROSE + count },
        { type: "tool_use", id, name: "tool_1", input: { path: `src/table-${index}.ts`, lines: [1, 200] } },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: id,
          content: [{ type: "text", text: CODE.repeat(29) + count }],
          ...(last && { cache_control: EPHEMERAL }),
        },
      ],
    },
  ];
}
