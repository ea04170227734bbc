import { ApiError } from "../../errors.ts";
import type { Exchange } from "../exchange.ts";

/**
 * Whoever is here has shown a key; now it must be an admin's (security T16).
 * @throws ApiError 403 for every other key, and where none is asked for.
 */
export function requireAdmin({ key }: Exchange): void {
  if (key.role === "admin") return;
  throw new ApiError(403, "The admin API needs an admin key.", {
    hint: "Make one: aicore keys create --admin --name <name>",
  });
}
