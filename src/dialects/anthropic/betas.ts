import { ApiError } from "../../errors.ts";
import type { JsonObject } from "../../hub/json.ts";

const BETA_NAME = /^[A-Za-z0-9._-]{1,128}$/;
const MOST_BETAS = 100;

/**
 * The betas a client asks for: the `anthropic-beta` header (comma-separated, possibly repeated) and the `betas` or
 * `anthropic_beta` list in the body, in their order, each once.
 * @throws ApiError 400 for a name that is none, or for more than anyone needs (security B26).
 */
export function readBetas(header: string | string[] | undefined, body: JsonObject): string[] {
  if (header === undefined && body.betas === undefined && body.anthropic_beta === undefined) return [];
  const lists = [body.betas, body.anthropic_beta].flat();
  const names = [header ?? []]
    .flat()
    .flatMap((line) => line.split(","))
    .concat(lists.filter((name): name is string => typeof name === "string"))
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length > MOST_BETAS) throw new ApiError(400, `anthropic-beta: more than ${MOST_BETAS} values`);
  if (!names.every((name) => BETA_NAME.test(name))) {
    throw new ApiError(400, "anthropic-beta: a value holds characters that no beta has");
  }
  return [...new Set(names)];
}
