import { invalidRequest } from "../../errors.ts";
import type { Json, JsonObject } from "../../hub/json.ts";
import type { KeyRole, Limits } from "../../keys/api-key.ts";
import { readLimits } from "../../keys/limits.ts";
import { type KeyWish, nameComplaint } from "../../keys/new-key.ts";
import { timeIn } from "./parameters.ts";

const FIELDS = ["name", "role", "expires_at", "limits"];

/**
 * The body of `POST /admin/keys`. A field that is not known is refused: a limit that nobody heeds would be worse.
 * @throws ApiError 400 naming the field.
 */
export function readNewKey(body: JsonObject, now: number): KeyWish {
  const stranger = Object.keys(body).find((name) => !FIELDS.includes(name));
  if (stranger !== undefined) {
    const name = stranger.replace(/[^\w.-]/g, "?").slice(0, 40);
    throw invalidRequest(`${name}: There is no such field; known are ${FIELDS.join(", ")}`);
  }
  return {
    name: nameIn(body.name),
    role: roleIn(body.role),
    expiresAt: expiryIn(body.expires_at, now),
    limits: limitsIn(body.limits),
  };
}

function nameIn(name: Json | undefined): string {
  if (name === undefined) throw invalidRequest("name: Field required");
  if (typeof name !== "string") throw invalidRequest("name: Input should be a string");
  const complaint = nameComplaint(name);
  if (complaint === undefined) return name;
  throw invalidRequest(`name: ${complaint}`);
}

function roleIn(role: Json | undefined): KeyRole {
  if (role === undefined || role === null) return "inference";
  if (role === "inference" || role === "admin") return role;
  throw invalidRequest("role: Input should be 'inference' or 'admin'");
}

function expiryIn(time: Json | undefined, now: number): number | undefined {
  if (time === undefined || time === null) return undefined;
  if (typeof time !== "string" || !/^\d{4}-/.test(time)) {
    throw invalidRequest("expires_at: Input should be a date or a time (ISO 8601)");
  }
  const at = timeIn("expires_at", time, now);
  if (at > now) return at;
  throw invalidRequest("expires_at: Input should be in the future");
}

function limitsIn(document: Json | undefined): Limits {
  const limits = readLimits(document ?? {});
  if (typeof limits !== "string") return limits;
  throw invalidRequest(limits);
}
