import { ApiError } from "../errors.ts";
import type { Json } from "../hub/json.ts";

/** Characters in a row that are no coincidence. */
const TELLING = 16;
/** Every so many characters of the request are compared: a repetition of 19 characters is always found. */
const STRIDE = 4;

/**
 * A gateway or host that fails may repeat the request in its 5xx text, and clients write such texts into their logs
 * (security T25): what the text has from the request is cut out of it. Texts of 4xx stay as they came (DESIGN 8):
 * clients repair their requests by them.
 * @param asked the request, or the JSON that was sent
 */
export function cutEchoes(thrown: unknown, asked: Json | Buffer): void {
  if (!(thrown instanceof ApiError) || thrown.origin !== "upstream" || thrown.status < 500) return;
  const request: Json = Buffer.isBuffer(asked) ? JSON.parse(asked.toString()) : asked;
  thrown.message = withoutEchoes(thrown.message, request);
  const { details = {} } = thrown;
  for (const [name, detail] of Object.entries(details)) {
    if (typeof detail === "string") details[name] = withoutEchoes(detail, request);
  }
}

/** `text` with `[…]` for every stretch of it that is also in the request. */
function withoutEchoes(text: string, request: Json): string {
  const places = new Map<string, number>();
  for (let at = 0; at + TELLING <= text.length; at++) places.set(text.slice(at, at + TELLING), at);
  if (places.size === 0) return text;
  for (const told of stringsIn(request)) {
    const run = sharedRun(told, text, places);
    if (run) return withoutEchoes(`${text.slice(0, run.start)}[…]${text.slice(run.end)}`, request);
  }
  return text;
}

/** Where in `text` something stands that `told` has too. */
function sharedRun(
  told: string,
  text: string,
  places: ReadonlyMap<string, number>,
): { start: number; end: number } | undefined {
  for (let at = 0; at + TELLING <= told.length; at += STRIDE) {
    const place = places.get(told.slice(at, at + TELLING));
    if (place === undefined) continue;
    let [start, end] = [place, place + TELLING];
    while (start > 0 && text[start - 1] === told[at - (place - start) - 1]) start--;
    while (end < text.length && text[end] === told[at + end - place]) end++;
    return { start, end };
  }
  return undefined;
}

function* stringsIn(value: Json): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const each of Object.values(value)) yield* stringsIn(each);
}
