/**
 * The keys under which a deployment's refusals are remembered: `field:<path>` one field, its indexes written `*`;
 * `level:<LEVEL>` a thinking level; and two forms of a request that this deployment does not take.
 */
import { FIELD } from "../learned-fields.ts";

export const NO_JSON_SCHEMA = "schema:openapi";
export const JSON_WITHOUT_TOOLS = "json:without-tools";

export const levelKey = (level: string): string => `level:${level.toUpperCase()}`;
export const fieldKey = (path: string): string => `${FIELD}${path}`;
