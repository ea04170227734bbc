import { invalidRequest } from "../errors.ts";

const MODEL_NAME = /^[A-Za-z0-9._:/@[\]-]{1,128}$/;

/**
 * A model's name in any spelling that a client may use; whether there is such a model is the catalogue's to say.
 * @throws ApiError 400 (security B12), without the name: it may be long, or drive a terminal.
 */
export function checkModelName(name: string): void {
  if (!MODEL_NAME.test(name)) throw invalidRequest(`model: must match ${MODEL_NAME.source}`);
}
