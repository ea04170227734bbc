import type { JsonObject } from "../../hub/json.ts";
import type { Delta, HubTool, ToolUseBlock } from "../../hub/messages.ts";
import { parseToolInput } from "../../hub/tool-input.ts";
import { customInput } from "../../hub/tool-names.ts";
import { added, type ItemEncoder, type Place } from "./item-encoders.ts";
import type { Status } from "./status.ts";

/** A call, as the kind of tool and under the name and namespace that the client declared. */
export class CallEncoder implements ItemEncoder {
  readonly #place: Place;
  readonly #call: ToolUseBlock;
  readonly #isCustom: boolean;
  /** Codex routes by both, and finds nothing under the joined name (clients.md 2.4). */
  readonly #names: { name: string; namespace?: string };
  #arguments = "";

  constructor(place: Place, call: ToolUseBlock, tool: HubTool | undefined) {
    const { custom = false, namespace, name = call.name } = tool?.origin ?? {};
    this.#place = place;
    this.#call = call;
    this.#isCustom = custom;
    this.#names = { name, ...(namespace !== undefined && { namespace }) };
  }

  open(): JsonObject[] {
    return [added(this.#place, this.#item("in_progress", ""))];
  }

  /** The text for a free-form tool is inside its arguments, and comes out when they are whole. */
  add(delta: Delta): JsonObject[] {
    if (delta.type !== "input_json_delta") return [];
    this.#arguments += delta.partial_json;
    if (this.#isCustom) return [];
    const { partial_json } = delta;
    return [{ type: "response.function_call_arguments.delta", ...this.#place, delta: partial_json }];
  }

  /** Clients parse the arguments: a call without any has an object. */
  close(): JsonObject[] {
    if (this.#isCustom) {
      const input = this.#input();
      return [
        { type: "response.custom_tool_call_input.delta", ...this.#place, delta: input },
        { type: "response.custom_tool_call_input.done", ...this.#place, input },
      ];
    }
    const partial_json = JSON.stringify(this.#call.input);
    const rest = this.#arguments === "" ? this.add({ type: "input_json_delta", partial_json }) : [];
    const whole = { name: this.#names.name, arguments: this.#arguments };
    return [...rest, { type: "response.function_call_arguments.done", ...this.#place, ...whole }];
  }

  item(status: Status): JsonObject {
    return this.#item(status, this.#isCustom ? this.#input() : this.#arguments);
  }

  #input(): string {
    return customInput(this.#arguments === "" ? this.#call.input : parseToolInput(this.#arguments));
  }

  #item(status: string, written: string): JsonObject {
    return {
      id: this.#place.item_id,
      type: this.#isCustom ? "custom_tool_call" : "function_call",
      status,
      call_id: this.#call.id,
      ...this.#names,
      ...(this.#isCustom ? { input: written } : { arguments: written }),
    };
  }
}
