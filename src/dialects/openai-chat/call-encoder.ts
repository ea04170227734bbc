import type { JsonObject } from "../../hub/json.ts";
import type { HubRequest, ToolUseBlock } from "../../hub/messages.ts";
import { parseToolInput } from "../../hub/tool-input.ts";
import { asksForFunctions } from "./encode-answer.ts";
import { customInput, isCustomTool } from "./tool-calls.ts";

/** How a call is told: as a function, as a free-form tool, or in the form before tools. */
type Form = "function" | "custom" | "legacy";

/** The tool calls of a stream as chat deltas. */
export class CallEncoder {
  readonly #request: HubRequest;
  #index = -1;
  /** Undefined while no call is open. */
  #form: Form | undefined;
  #arguments = "";

  constructor(request: HubRequest) {
    this.#request = request;
  }

  open({ id, name }: ToolUseBlock): JsonObject[] {
    const index = ++this.#index;
    this.#arguments = "";
    this.#form = this.#formOf(name);
    if (this.#form === "custom") return calls({ index, id, type: "custom", custom: { name, input: "" } });
    if (this.#form === "function") {
      return calls({ index, id, type: "function", function: { name, arguments: "" } });
    }
    return this.#legacy({ name, arguments: "" });
  }

  /** The text of a free-form tool is inside its arguments, and comes out when they are whole. */
  add(piece: string): JsonObject[] {
    this.#arguments += piece;
    if (piece === "" || this.#form === "custom") return [];
    if (this.#form === "legacy") return this.#legacy({ arguments: piece });
    return calls({ index: this.#index, function: { arguments: piece } });
  }

  /** Clients parse the arguments: a call without any has an empty object. */
  close(): JsonObject[] {
    const written = this.#arguments;
    const rest =
      this.#form === "custom"
        ? calls({ index: this.#index, custom: { input: customInput(parseToolInput(written)) } })
        : this.#form !== undefined && written === ""
          ? this.add("{}")
          : [];
    this.#form = undefined;
    return rest;
  }

  #formOf(name: string): Form {
    if (asksForFunctions(this.#request)) return "legacy";
    return isCustomTool(name, this.#request) ? "custom" : "function";
  }

  /** There is room for one call only. */
  #legacy(function_call: JsonObject): JsonObject[] {
    return this.#index === 0 ? [{ function_call }] : [];
  }
}

function calls(call: JsonObject): JsonObject[] {
  return [{ tool_calls: [call] }];
}
