/** Token counts grow true by what answers report, in every dialect that can count. */
import { expect, onTestFinished, test } from "vitest";
import { startStack } from "../support/stack.ts";

const TEXT = "A text of some length, so that something can be learned from it. ".repeat(40);

const DIALECTS: [
  name: string,
  ask: [string, object],
  count: [string, object],
  read: (body: never) => number,
][] = [
  [
    "Messages on Claude",
    ["/v1/messages", { model: "sonnet", max_tokens: 10, messages: [{ role: "user", content: TEXT }] }],
    ["/v1/messages/count_tokens", { model: "sonnet", messages: [{ role: "user", content: TEXT }] }],
    ({ input_tokens }: { input_tokens: number }) => input_tokens,
  ],
  [
    "Gemini on Gemini",
    [
      "/v1beta/models/gemini-2.5-pro:generateContent",
      { contents: [{ role: "user", parts: [{ text: TEXT }] }] },
    ],
    ["/v1beta/models/gemini-2.5-pro:countTokens", { contents: [{ role: "user", parts: [{ text: TEXT }] }] }],
    ({ totalTokens }: { totalTokens: number }) => totalTokens,
  ],
];

test.each(DIALECTS)("%s", async (_name, [askPath, askBody], [countPath, countBody], read) => {
  const stack = await startStack();
  onTestFinished(() => stack.close());
  const count = async () => read((await (await stack.post(countPath, countBody)).json()) as never);
  const before = await count();
  for (let round = 0; round < 20; round++) expect((await stack.post(askPath, askBody)).status).toBe(200);
  const { usage } = stack.sandbox.usage.at(-1) ?? { usage: {} };
  const figures = Object.entries(usage).filter(([key]) =>
    /^(input_tokens|cache_\w+_input_tokens|promptTokenCount)$/.test(key),
  );
  const reported = figures.reduce((sum, [, value]) => sum + Number(value), 0);
  expect(Math.abs((await count()) - reported)).toBeLessThan(Math.max(5, Math.abs(before - reported)));
});
