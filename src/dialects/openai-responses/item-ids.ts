/** The ids of one response and its items, all made of the upstream's id: the same answer has the same ids. */
export interface ResponseIds {
  response: string;
  item(prefix: "rs" | "msg" | "fc" | "ctc", index: number): string;
}

/** OpenAI refuses longer ids of items (`string too long. Expected maximum length 64`). */
const LONGEST_ITEM_ID = 64;
/** `msg_bdrk_01…`, `chatcmpl-…`, `resp_…`: what stands before the part that is unique. */
const PREFIX = /^(?:resp|msg|chatcmpl|gen|req)[_-]/;

/** @param id of the answer, as its host gave it */
export function responseIds(id: string): ResponseIds {
  const core = id.replace(PREFIX, "").replace(/[^\w-]/g, "");
  return {
    response: `resp_${core}`,
    item(prefix, index) {
      const tail = `_${index}`;
      const head = `${prefix}_`;
      return head + core.slice(-(LONGEST_ITEM_ID - head.length - tail.length)) + tail;
    },
  };
}
