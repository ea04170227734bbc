import { ApiError } from "../../errors.ts";
import { keyDocument } from "../../keys/managed-key.ts";
import { readBody } from "../body.ts";
import type { ProxyContext } from "../context.ts";
import { type Exchange, sendJson, whileOpen } from "../exchange.ts";
import { backendOf } from "./access.ts";
import { readNewKey } from "./new-key.ts";
import { parametersOf } from "./parameters.ts";

const BODY_LIMIT = 64 * 1024;

/** `GET /admin/keys`: all keys of the database, with what each has used; never a key itself. */
export async function listKeys(exchange: Exchange, context: ProxyContext): Promise<void> {
  parametersOf(exchange, []);
  const keys = await whileOpen(exchange, backendOf(context).listKeys());
  sendJson(exchange, 200, { keys: keys.map(keyDocument) });
}

/** `POST /admin/keys`: the one answer that holds the key. */
export async function createKey(exchange: Exchange, context: ProxyContext): Promise<void> {
  const backend = backendOf(context);
  const { json } = await readBody(exchange, { limit: BODY_LIMIT });
  const created = await backend.createKey(readNewKey(json, exchange.arrivedAt));
  context.log.info("a key was created", { key: created.id, name: created.name, by: exchange.key.name });
  sendJson(exchange, 201, { ...keyDocument(created), key: created.secret });
}

/** `DELETE /admin/keys/:id`, by id or by name. A key that was revoked before stays as it is. */
export async function revokeKey(exchange: Exchange, context: ProxyContext, id: string): Promise<void> {
  const revoked = await backendOf(context).revokeKey(id);
  if (!revoked) {
    throw new ApiError(404, "There is no key of that id or name.", {
      reason: "key_not_found",
      hint: "GET /admin/keys lists them.",
    });
  }
  context.log.info("a key was revoked", { key: revoked.id, name: revoked.name, by: exchange.key.name });
  sendJson(exchange, 200, keyDocument(revoked));
}
