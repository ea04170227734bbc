import { expect, test } from "vitest";
import { sessionOf } from "../../src/routing/session.ts";

const conversation = (text: string, mark?: object) => () => [
  [{ type: "text", text: "Rules." }],
  { role: "user", content: [{ type: "text", text, ...(mark && { cache_control: mark }) }] },
];

test("a cache mark that moves on does not end a conversation", () => {
  const first = sessionOf({}, {}, conversation("Hello", { type: "ephemeral" }));
  expect(sessionOf({}, {}, conversation("Hello"))).toBe(first);
  expect(sessionOf({}, {}, conversation("Bye"))).not.toBe(first);
});
