import { expect, test } from "vitest";
import { withBreakpoints } from "../../src/hub/breakpoints.ts";
import type { HubMessage, HubRequest, HubTool } from "../../src/hub/messages.ts";

const user = (content: string): HubMessage => ({ role: "user", content });
const assistant = (content: string): HubMessage => ({ role: "assistant", content });
const tool = (name: string): HubTool => ({ name, input_schema: { type: "object" } });

/** Where the marks are: the paths of everything that has one. */
function marks(request: HubRequest): string[] {
  const found: string[] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value !== "object" || value === null) return;
    if ("cache_control" in value) found.push(path);
    for (const [key, each] of Object.entries(value)) walk(each, path === "" ? key : `${path}.${key}`);
  };
  walk(request, "");
  return found.sort();
}

test.each<[name: string, request: Partial<HubRequest>, expected: string[]]>([
  ["one question", { messages: [user("a")] }, ["messages.0.content.0"]],
  ["a system prompt", { system: "s", messages: [user("a")] }, ["messages.0.content.0", "system.0"]],
  [
    "tools: the last",
    { tools: [tool("a"), tool("b")], messages: [user("a")] },
    ["messages.0.content.0", "tools.1"],
  ],
  [
    "a conversation: its last two user turns",
    { messages: [user("a"), assistant("b"), user("c"), assistant("d"), user("e")] },
    ["messages.2.content.0", "messages.4.content.0"],
  ],
  [
    "marks of its own: left alone",
    { system: [{ type: "text", text: "s", cache_control: { type: "ephemeral" } }], messages: [user("a")] },
    ["system.0"],
  ],
])("%s", (_name, request, expected) => {
  expect(marks(withBreakpoints({ model: "m", messages: [], ...request }))).toEqual(expected);
});
