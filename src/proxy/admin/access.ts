import { AicoreError, ApiError, UsageError } from "../../errors.ts";
import type { ProxyContext } from "../context.ts";
import type { AdminBackend } from "./backend.ts";

/**
 * The database behind `/admin`; every failure of it as the answer that fits.
 * @throws ApiError 503 where there is none.
 */
export function backendOf({ admin }: ProxyContext): AdminBackend {
  if (!admin) {
    throw new ApiError(503, "This proxy has no database of keys and usage.", {
      hint: "`aicore serve` has one.",
    });
  }
  return {
    listKeys: () => told(admin.listKeys()),
    createKey: (input) => told(admin.createKey(input)),
    revokeKey: (idOrName) => told(admin.revokeKey(idOrName)),
    figures: (query) => told(admin.figures(query)),
    recent: (query) => told(admin.recent(query)),
    unitsOf: (record) => admin.unitsOf(record),
  };
}

async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof AicoreError) || error instanceof ApiError) throw error;
    const { code, message, hint } = error;
    const status = code === "key_name_taken" ? 409 : error instanceof UsageError ? 400 : 503;
    throw new ApiError(status, message, { reason: code, cause: error, ...(hint !== undefined && { hint }) });
  }
}
