/** The entries of `/admin` in the OpenAPI document, by handler. */
import type { JsonObject } from "../../hub/json.ts";
import { answer, failure, list, type Operation, object, query, ref, text } from "../operation.ts";
import { GROUPS, MOST_REQUESTS, NAMES, SOME_REQUESTS } from "./usage.ts";

const BAD = failure("A parameter or a field is wrong; the message begins with its name.");
const NO_DATABASE = failure("There is no database, or it is away.");
const WHEN =
  "So long ago (`90m`, `24h`, `7d`, `4w`), a date (its beginning in UTC) or a time, ISO 8601 (UTC where it names no zone)";

export const listKeysOperation: Operation = {
  operationId: "listKeys",
  summary: "All keys, expired and revoked ones too, with what each has used",
  tags: ["keys"],
  responses: {
    200: answer("The keys, oldest first.", object({ keys: list(ref("Key")) })),
    400: BAD,
    503: NO_DATABASE,
  },
};

export const createKeyOperation: Operation = {
  operationId: "createKey",
  summary: "Makes a key",
  description: "The answer is the only place that ever tells the key itself.",
  tags: ["keys"],
  requestBody: { required: true, content: { "application/json": { schema: ref("NewKey") } } },
  responses: {
    201: answer("The key.", ref("CreatedKey")),
    400: BAD,
    409: failure("Another key has that name."),
    413: failure("The body has more than 64 KB."),
    415: failure("The body is not `application/json`."),
    503: NO_DATABASE,
  },
};

export const revokeKeyOperation: Operation = {
  operationId: "revokeKey",
  summary: "Takes a key back; requests with it are refused within a second",
  tags: ["keys"],
  parameters: [{ name: "id", in: "path", required: true, description: "Id or name.", schema: text() }],
  responses: {
    200: answer("The key, with the time since when it is revoked.", ref("Key")),
    404: failure("There is no such key."),
    503: NO_DATABASE,
  },
};

const GROUP_BY: JsonObject = {
  name: "group_by",
  in: "query",
  required: false,
  description: "What the rows have in common, separated by commas; default `model`.",
  style: "form",
  explode: false,
  schema: { ...list({ type: "string", enum: [...GROUPS] }), default: ["model"], uniqueItems: true },
};

const FILTERED_BY = {
  key: "The name or id of a key",
  model: "SAP's name of a model, or a client's",
  profile: "A profile",
  tool: "A program, such as `claude-code`",
  session: "A conversation",
} as const satisfies Record<(typeof NAMES)[number], string>;

const FILTERS: JsonObject[] = [
  query("since", text(), `${WHEN}.`),
  query("until", text(), `${WHEN}; not part of the span.`),
  ...NAMES.map((name) => query(name, text(), `${FILTERED_BY[name]}: only its requests.`)),
];

export const usageOperation: Operation = {
  operationId: "showUsage",
  summary: "What was used, in groups",
  tags: ["usage"],
  parameters: [GROUP_BY, ...FILTERS],
  responses: {
    200: answer("A row for each group, and their sum.", ref("Usage")),
    400: BAD,
    503: NO_DATABASE,
  },
};

export const requestsOperation: Operation = {
  operationId: "listRequests",
  summary: "The newest requests to models",
  tags: ["usage"],
  parameters: [
    query(
      "limit",
      { type: "integer", minimum: 1, maximum: MOST_REQUESTS, default: SOME_REQUESTS },
      "How many at most.",
    ),
    ...FILTERS,
  ],
  responses: {
    200: answer("Newest first.", object({ requests: list(ref("Request")) })),
    400: BAD,
    503: NO_DATABASE,
  },
};

export const refreshOperation: Operation = {
  operationId: "refreshDeployments",
  summary: "Looks up what is deployed now",
  tags: ["deployments"],
  responses: {
    200: answer("How many models can be asked for.", object({ models: { type: "integer", minimum: 0 } })),
    502: failure("SAP AI Core could not be read; its own status where it gave one."),
  },
};

export const eventsOperation: Operation = {
  operationId: "events",
  summary: "What happens, as it happens",
  description:
    "Events `request` (a `Request` that is over) and `stats` (the document of `/stats`: at once, then every two seconds). " +
    "A reader that does not read is given up.",
  tags: ["state"],
  responses: {
    200: {
      description: "Server-sent events, without end.",
      content: { "text/event-stream": { schema: text() } },
    },
    503: failure("Too many readers, or no database."),
  },
};

export const openapiOperation: Operation = {
  operationId: "openapi",
  summary: "This document",
  tags: ["state"],
  responses: { 200: answer("OpenAPI 3.1.", { type: "object" }) },
};
