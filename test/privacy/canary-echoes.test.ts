import { describe, expect, test } from "vitest";
import { ApiError, type ApiErrorOptions } from "../../src/errors.ts";
import type { Json } from "../../src/hub/json.ts";
import { cutEchoes } from "../../src/proxy/echoes.ts";

const PROMPT = "Where did I bury the family silver?";

function shown(message: string, request: Json, status = 500, options: ApiErrorOptions = {}): string {
  const error = new ApiError(status, message, { origin: "upstream", ...options });
  cutEchoes(error, request);
  return error.message;
}
const request = (text: string): Json => ({
  model: "opus",
  messages: [{ role: "user", content: [{ type: "text", text }] }],
});

describe("what a 5xx text repeats of the request is cut out", () => {
  test.each<[string, string, Json]>([
    [`Failed: ${PROMPT}`, "Failed: […]", request(PROMPT)],
    [`Failed: "${PROMPT}" (code 7)`, 'Failed: "[…]" (code 7)', request(`Tell me. ${PROMPT} Quick!`)],
    [`${PROMPT} and ${PROMPT}`, "[…] and […]", request(PROMPT)],
    [PROMPT.slice(0, 20), "[…]", request(PROMPT)],
    ["The model ran out of memory.", "The model ran out of memory.", request(PROMPT)],
    ["Failed: the family", "Failed: the family", request(PROMPT)],
    ["no such model: opus", "no such model: opus", request("opus")],
    [`in a tool: ${PROMPT}`, "in a tool: […]", { tools: [{ input: { deep: [null, 1, { at: PROMPT }] } }] }],
    ["", "", request(PROMPT)],
  ])("%j → %j", (message, expected, body) => expect(shown(message, body)).toBe(expected));

  test("wherever it stands, as soon as it is 19 characters", () => {
    const secret = "0123456789abcdefghi";
    for (let offset = 0; offset < 8; offset++) {
      const body = request(`${"-".repeat(offset)}${secret}${"=".repeat(offset)}`);
      expect(shown(`x ${secret} y`, body)).toBe("x […] y");
    }
  });

  test("a long text of the same characters ends", () => {
    expect(shown("a".repeat(500), request("a".repeat(100_000)))).not.toMatch(/a{16}/);
  });
});

test("details are texts too", () => {
  const details = { code: PROMPT, status: 7 };
  const error = new ApiError(500, "no", { origin: "upstream", details });
  cutEchoes(error, request(PROMPT));
  expect(error.details).toEqual({ code: "[…]", status: 7 });
});

test("4xx texts, our own, and strangers stay as they are", () => {
  const message = `no: ${PROMPT}`;
  for (const status of [400, 429]) expect(shown(message, request(PROMPT), status)).toBe(message);
  expect(shown(message, request(PROMPT), 500, { origin: "aicore" })).toBe(message);
  const stranger = new Error(message);
  cutEchoes(stranger, request(PROMPT));
  expect(stranger.message).toBe(message);
});
