/** GPT and the o-series on Azure: chat behind an api-version, and Responses (protocol 4b). */
import { json, type PlainAnswer } from "../answer.ts";
import type { Family, Handler } from "../inference.ts";
import { AZURE_MODELS } from "../models.ts";
import { openaiError } from "../openai-compatible/errors.ts";
import { refuse } from "../openai-compatible/schema.ts";
import { complete } from "./chat.ts";
import { compact, respond, stored } from "./responses.ts";

export const azure: Family = {
  executable: "azure-openai",
  serves: (model) => Object.hasOwn(AZURE_MODELS, model),
  paths: {},
  find,
  error,
};

const API_VERSION = /^\d{4}-\d{2}-\d{2}(-preview)?$/;

function find(method: string, subpath: string): Handler | undefined {
  const [path = "", query = ""] = subpath.split("?");
  if (path === "/chat/completions" && method === "POST") {
    const version = new URLSearchParams(query).get("api-version") ?? "";
    return API_VERSION.test(version) ? complete : () => refuse("Resource not found", 404);
  }
  const match = /^\/(?:v1\/)?responses(?:\/([^/]+)(?:\/([^/]+))?)?$/.exec(path);
  if (match === null) return undefined;
  const [, id, verb] = match;
  if (method === "POST") return postTo(id, verb);
  if (id === undefined || verb !== undefined) return undefined;
  return method === "GET" || method === "DELETE" ? stored(id, method) : undefined;
}

function postTo(id: string | undefined, verb: string | undefined): Handler | undefined {
  if (id === undefined) return respond;
  if (id === "compact" && verb === undefined) return compact;
  return verb === "cancel" ? stored(id, "cancel") : undefined;
}

/** What SAP refuses itself has another shape: `error` is a text (protocol 6.1). */
function error(status: number, message: string): PlainAnswer {
  if (/^The following tools? (is|are) not allowed/.test(message))
    return json(status, { error: "BadRequest", message });
  return openaiError(status, message);
}
