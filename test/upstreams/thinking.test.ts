/** One line for each cell and rule of protocol.md 4a.4. */
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/hub/json.ts";
import {
  assistant,
  callFor,
  HAIKU_3,
  OPUS_46,
  OPUS_48,
  prepared,
  SONNET_45,
  sealedThinking,
  TOOL,
  text,
  thinking,
  toolResult,
  toolUse,
  user,
} from "./request.ts";

type Members = Record<string, Json | undefined>;
const OPUS_47 = "anthropic--claude-4.7-opus";
const SONNET_37 = "anthropic--claude-3.7-sonnet";
const budget = (budget_tokens: number): Json => ({ type: "enabled", budget_tokens });
const ADAPTIVE = { type: "adaptive" };
const effort = (level: string): Json => ({ effort: level });

const ROWS: readonly (readonly [name: string, model: string, change: Members, expected: Members])[] = [
  // The style of each generation.
  ["3: no thinking", HAIKU_3, { thinking: budget(2000) }, { thinking: undefined }],
  ["3: no adaptive either", HAIKU_3, { thinking: ADAPTIVE }, { thinking: undefined }],
  ["3: disabled goes without a word", HAIKU_3, { thinking: { type: "disabled" } }, { thinking: undefined }],
  ["3.7: budget", SONNET_37, { thinking: budget(2000) }, { thinking: budget(2000) }],
  ["4.5: budget", SONNET_45, { thinking: budget(2000) }, { thinking: budget(2000) }],
  [
    "4.5: adaptive becomes a budget",
    SONNET_45,
    { max_tokens: 32_000, thinking: ADAPTIVE },
    { thinking: budget(8192) },
  ],
  ["4.6: budget", OPUS_46, { thinking: budget(2000) }, { thinking: budget(2000) }],
  ["4.6: adaptive", OPUS_46, { thinking: ADAPTIVE }, { thinking: ADAPTIVE }],
  [
    "4.7: a budget becomes adaptive",
    OPUS_47,
    { thinking: budget(2000) },
    { thinking: ADAPTIVE, output_config: effort("low") },
  ],
  [
    "4.8: a budget becomes adaptive",
    OPUS_48,
    { thinking: budget(31_999) },
    { thinking: ADAPTIVE, output_config: effort("high") },
  ],
  [
    "4.8: the client's effort stays",
    OPUS_48,
    { thinking: budget(2000), output_config: effort("max") },
    { thinking: ADAPTIVE, output_config: effort("max") },
  ],
  [
    "a newer model is like the newest",
    "anthropic--claude-6-opus",
    { thinking: budget(5000) },
    { thinking: ADAPTIVE, output_config: effort("medium") },
  ],
  ["disabled stays", OPUS_46, { thinking: { type: "disabled" } }, { thinking: { type: "disabled" } }],
  // Effort as a budget.
  ...(
    [
      ["low", 4096],
      ["medium", 8192],
      ["high", 16_384],
      ["xhigh", 32_768],
      ["max", 32_768],
    ] as const
  ).map(
    ([level, tokens]) =>
      [
        `effort ${level} is a budget of ${tokens}`,
        SONNET_45,
        { max_tokens: 64_000, thinking: ADAPTIVE, output_config: effort(level) },
        { thinking: budget(tokens), output_config: undefined },
      ] as const,
  ),
  // Display.
  [
    "display goes from adaptive",
    OPUS_46,
    { thinking: { type: "adaptive", display: "updates" } },
    { thinking: ADAPTIVE },
  ],
  [
    "display goes from a budget",
    SONNET_45,
    { thinking: { ...(budget(2000) as object), display: "omitted" } },
    { thinking: budget(2000) },
  ],
  // Budget and max_tokens.
  [
    "a budget of max_tokens is clamped",
    OPUS_46,
    { max_tokens: 32_000, thinking: budget(32_000) },
    { max_tokens: 32_000, thinking: budget(31_999) },
  ],
  ["a budget under 1024 is raised", OPUS_46, { thinking: budget(100) }, { thinking: budget(1024) }],
  [
    "a budget just fits",
    OPUS_46,
    { max_tokens: 1025, thinking: budget(5000) },
    { max_tokens: 1025, thinking: budget(1024) },
  ],
  [
    "max_tokens under 1025 leaves no room",
    OPUS_46,
    { max_tokens: 1024, thinking: budget(5000) },
    { max_tokens: 1024, thinking: undefined },
  ],
  [
    "the budget follows a lowered max_tokens",
    SONNET_45,
    { max_tokens: 128_000, thinking: budget(127_999) },
    { max_tokens: 64_000, thinking: budget(63_999) },
  ],
  ["adaptive has no such limit", OPUS_46, { max_tokens: 64, thinking: ADAPTIVE }, { thinking: ADAPTIVE }],
  // A forced tool.
  [
    "any drops thinking",
    OPUS_46,
    { thinking: ADAPTIVE, tool_choice: { type: "any" } },
    { thinking: undefined, tool_choice: { type: "any" } },
  ],
  [
    "a named tool drops thinking",
    SONNET_45,
    { thinking: budget(2000), tool_choice: { type: "tool", name: "read_file" } },
    { thinking: undefined, tool_choice: { type: "tool", name: "read_file" } },
  ],
  ["auto leaves it", OPUS_46, { thinking: ADAPTIVE, tool_choice: { type: "auto" } }, { thinking: ADAPTIVE }],
  [
    "a choice that was dropped leaves it",
    OPUS_46,
    { thinking: ADAPTIVE, tools: undefined, tool_choice: { type: "any" } },
    { thinking: ADAPTIVE },
  ],
  // Sampling.
  [
    "3: all sampling passes",
    HAIKU_3,
    { temperature: 0.2, top_p: 0.3, top_k: 5 },
    { temperature: 0.2, top_p: 0.3, top_k: 5 },
  ],
  [
    "4.5: temperature before top_p",
    SONNET_45,
    { temperature: 0.2, top_p: 0.3 },
    { temperature: 0.2, top_p: undefined },
  ],
  ["4.5: top_p alone", SONNET_45, { top_p: 0.3, top_k: 5 }, { top_p: 0.3, top_k: 5 }],
  [
    "4.8: temperature 1 alone passes",
    OPUS_48,
    { temperature: 1, top_p: 0.9, top_k: 5 },
    { temperature: 1, top_p: undefined, top_k: undefined },
  ],
  ["4.8: another temperature goes", OPUS_48, { temperature: 0 }, { temperature: undefined }],
  ["thinking: temperature 1 stays", OPUS_46, { thinking: ADAPTIVE, temperature: 1 }, { temperature: 1 }],
  [
    "thinking: another temperature goes",
    SONNET_45,
    { thinking: budget(2000), temperature: 0.5, top_k: 5 },
    { temperature: undefined, top_k: undefined },
  ],
  [
    "thinking: top_p 0.95 stays, also where the temperature went",
    SONNET_45,
    { thinking: budget(2000), temperature: 0.5, top_p: 0.95 },
    { temperature: undefined, top_p: 0.95 },
  ],
  ["thinking: a smaller top_p goes", OPUS_46, { thinking: ADAPTIVE, top_p: 0.9 }, { top_p: undefined }],
  [
    "thinking off: the temperature stays",
    SONNET_45,
    { thinking: { type: "disabled" }, temperature: 0.5 },
    { temperature: 0.5 },
  ],
];

describe("thinking and sampling (protocol.md 4a.4)", () => {
  test.each(ROWS)("%s", (_name, model, change, expected) => {
    const body = prepared(change, callFor(model));
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, body[key]]))).toEqual(expected);
  });

  const loop = (...first: Json[]): Json => [
    user(text("Go.")),
    assistant(...first, toolUse("a")),
    user(toolResult("a")),
  ];
  const later = (...first: Json[]): Json => [
    ...(loop(...first) as Json[]),
    assistant(toolUse("b")),
    user(toolResult("b")),
  ];

  test.each([
    ["a turn without thinking cannot start to think", SONNET_45, loop(), undefined],
    ["one that began with thinking goes on", SONNET_45, loop(thinking), budget(2000)],
    ["only its first answer has to have it", SONNET_45, later(thinking), budget(2000)],
    ["sealed thinking counts", SONNET_45, loop(sealedThinking), budget(2000)],
    [
      "unsigned thinking does not: it is not sent",
      SONNET_45,
      loop({ type: "thinking", thinking: "Hm." }),
      undefined,
    ],
    [
      "a new question may be thought about",
      SONNET_45,
      [...(loop() as Json[]), assistant(text("Done.")), user(text("And now?"))],
      budget(2000),
    ],
    [
      "nor can a prefilled answer be thought about",
      SONNET_45,
      [user(text("Go.")), assistant(text("I will"))],
      undefined,
    ],
  ])("%s", (_name, model, messages, expected) => {
    const call = callFor(model);
    expect(prepared({ messages, thinking: budget(2000) }, call).thinking).toEqual(expected);
    expect(call.notes.some((note) => note.includes("began without it"))).toBe(expected === undefined);
  });

  test("adaptive thinking may start at any time", () => {
    expect(prepared({ messages: loop(), thinking: ADAPTIVE }).thinking).toEqual(ADAPTIVE);
  });

  test("thinking of earlier turns stays when thinking is off", () => {
    const messages = loop(thinking);
    expect(prepared({ messages, thinking: undefined, tools: [TOOL] }).messages).toEqual(messages);
  });

  test("a style that the deployment refused is not asked for again", () => {
    const learned = new Set(["thinking:budget"]);
    expect(
      prepared(
        { max_tokens: 32_000, thinking: ADAPTIVE, output_config: effort("high") },
        callFor(OPUS_46, { learned }),
      ),
    ).toMatchObject({ thinking: budget(16_384) });
    const both = new Set(["thinking:budget", "thinking:adaptive"]);
    expect(prepared({ thinking: ADAPTIVE }, callFor(OPUS_46, { learned: both })).thinking).toBeUndefined();
  });
});
