/** The keys that a proxy accepts, from wherever they come. */
import type { KeyRow } from "../database/schema.ts";
import type { AcceptedKey, ApiKey } from "./api-key.ts";
import { limitsFrom } from "./limits.ts";

/** Where a key comes from that nobody made with `aicore keys create`: it has that for its id and its name. */
export type KeySource = "local" | "environment" | "settings" | "one-time";

/** Stands for everybody where no key is asked for (`--no-auth`, open routes). */
export const NO_KEY: ApiKey = {
  id: "open",
  name: "open",
  role: "inference",
  limits: {},
  expiresAt: undefined,
};

/** A key without limits, plain or as its digest: see `AcceptedKey.secret`. */
export function unlimitedKey(source: KeySource, secret: string): AcceptedKey {
  return { id: source, name: source, role: "inference", limits: {}, expiresAt: undefined, secret };
}

/** A key of the database; whether it is revoked, its caller has looked at. */
export function storedKey({ id, name, role, digest, limits, expires_at }: KeyRow): AcceptedKey {
  return {
    id,
    name,
    role: role === "admin" ? "admin" : "inference",
    limits: limitsFrom(limits),
    expiresAt: expires_at ?? undefined,
    secret: `sha256:${digest}`,
  };
}
