import type { Base64Source } from "../../hub/messages.ts";

const HEAD = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w.+-]+=[^;,]*)*;base64$/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The bytes of a `data:<type>;base64,…` URL; undefined for every other text. `image/jpg` is what many clients say. */
export function parseDataUrl(url: string): Base64Source | undefined {
  const comma = url.indexOf(",");
  const type = HEAD.exec(url.slice(0, Math.max(comma, 0)))?.[1]?.toLowerCase();
  const data = url.slice(comma + 1);
  if (type === undefined || data.length % 4 !== 0 || !BASE64.test(data)) return undefined;
  return { type: "base64", media_type: type === "image/jpg" ? "image/jpeg" : type, data };
}

export function dataUrlOf({ media_type, data }: Base64Source): string {
  return `data:${media_type};base64,${data}`;
}
