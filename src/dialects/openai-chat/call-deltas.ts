import type { BlockCursor } from "../../hub/block-cursor.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubEvent } from "../../hub/messages.ts";

interface Call {
  key: string;
  id: string;
  name: string;
  /** Pieces of arguments that are not told yet. */
  pieces: string[];
  told: boolean;
}

/**
 * The tool calls of a stream. Their pieces come by index, interleaved at will; id and name of one may come in
 * different chunks, and it is told to the cursor once both are known. Calls come out in the order they appeared in.
 */
export class CallDeltas {
  readonly #cursor: BlockCursor;
  #calls: Call[] = [];
  readonly #byIndex = new Map<number, Call>();

  constructor(cursor: BlockCursor) {
    this.#cursor = cursor;
  }

  get any(): boolean {
    return this.#calls.length > 0;
  }

  read(deltas: Json | undefined): HubEvent[] {
    if (!Array.isArray(deltas)) return [];
    for (const delta of deltas) if (isObject(delta)) this.#add(delta);
    return this.#tell();
  }

  /** At the end: a call whose host gave it no id gets one; one without a name can not be called. */
  end(): HubEvent[] {
    this.#calls = this.#calls.filter(({ name }) => name !== "");
    this.#calls.forEach((call, index) => {
      call.id ||= `call_${index}`;
    });
    return this.#tell();
  }

  #add(delta: JsonObject): void {
    const { id, name, piece } = parseDelta(delta);
    const call = this.#find(delta.index, id);
    call.id ||= id;
    call.name ||= name;
    if (piece !== "") call.pieces.push(piece);
  }

  /** Some hosts write no index, or the same one for every call: another id is another call. */
  #find(index: Json | undefined, id: string): Call {
    const place = typeof index === "number" ? index : 0;
    const known = this.#byIndex.get(place);
    if (known && (id === "" || known.id === "" || known.id === id)) return known;
    const call = { key: `call ${this.#calls.length}`, id: "", name: "", pieces: [], told: false };
    this.#calls.push(call);
    this.#byIndex.set(place, call);
    return call;
  }

  #tell(): HubEvent[] {
    const events: HubEvent[] = [];
    for (const call of this.#calls) {
      const { key, id, name, pieces } = call;
      if (id === "" || name === "") break;
      if (call.told && pieces.length === 0) continue;
      const deltas = pieces.map((partial_json) => ({ type: "input_json_delta" as const, partial_json }));
      events.push(...this.#cursor.writeTool(key, () => ({ type: "tool_use", id, name, input: {} }), deltas));
      call.pieces = [];
      call.told = true;
    }
    return events;
  }
}

function parseDelta(delta: JsonObject): { id: string; name: string; piece: string } {
  const called = isObject(delta.function) ? delta.function : {};
  const { name, arguments: piece } = called;
  return {
    id: typeof delta.id === "string" ? delta.id : "",
    name: typeof name === "string" ? name : "",
    piece: typeof piece === "string" ? piece : isObject(piece) ? JSON.stringify(piece) : "",
  };
}
