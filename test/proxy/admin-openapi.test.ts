/** The OpenAPI document: whole, valid, and true of what is answered. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../src/hub/json.ts";
import { openapiOf } from "../../src/proxy/openapi.ts";
import { ROUTES } from "../../src/proxy/routes.ts";
import { resolve, straysFrom } from "../support/json-shape.ts";
import { ask } from "../support/questions.ts";
import { startTeam, type Team } from "../support/team.ts";

const DOCUMENT = openapiOf(ROUTES, "0.0.0-test");
const OURS = /^\/(admin|stats|metrics|health|ready)(\/|$)/;
const METHODS = ["get", "post", "put", "patch", "delete"];

interface Described {
  name: string;
  method: string;
  path: string;
  operation: JsonObject;
}

const OPERATIONS: Described[] = Object.entries(DOCUMENT.paths as JsonObject).flatMap(([path, item]) =>
  Object.entries(item as JsonObject).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method,
    path,
    operation: operation as JsonObject,
  })),
);

let team: Team;
beforeAll(async () => {
  team = await startTeam();
  await team.newKey({
    name: "member",
    limits: { models: ["claude-*"], budget: 5 },
    expiresAt: Date.now() + 1e9,
  });
  await team.catalog.refresh();
  await team.post("/v1/messages", ask("Hello"));
  await team.stored(1);
});
afterAll(() => team.close());

test("it has every route that is ours, and no other", () => {
  const ours = ROUTES.filter(({ path }) => OURS.test(path));
  const names = ours.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  expect(OPERATIONS.map(({ name }) => name).sort()).toEqual(names.sort());
});

test("it is served as it is", async () => {
  const answer = await team.manage("GET", "/admin/openapi.json");
  expect(await answer.json()).toEqual(DOCUMENT);
});

describe("it is OpenAPI 3.1", () => {
  test("by its own schema", async () => {
    expect(await new Validator().validate(structuredClone(DOCUMENT))).toMatchObject({ valid: true });
  });

  test("every reference leads somewhere, and every schema is used", () => {
    const text = JSON.stringify(DOCUMENT);
    const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, to = ""]) => to));
    expect([...references].filter((to) => !isObject(resolve(DOCUMENT, to)))).toEqual([]);
    const schemas = Object.keys((DOCUMENT.components as JsonObject).schemas as JsonObject);
    const unused = schemas.filter((name) => !references.has(`#/components/schemas/${name}`));
    expect(unused).toEqual([]);
  });

  test("every operation has a name of its own, answers, and each part of its path as a parameter", () => {
    expect(new Set(OPERATIONS.map(({ operation }) => operation.operationId)).size).toBe(OPERATIONS.length);
    for (const { name, path, method, operation } of OPERATIONS) {
      expect(METHODS).toContain(method);
      const parameters = (operation.parameters ?? []) as { in: string; name: string; required: boolean }[];
      const inPath = parameters.filter((parameter) => parameter.in === "path");
      const expected = [...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => part);
      expect([name, inPath.map((parameter) => parameter.name)]).toEqual([name, expected]);
      expect(inPath.every(({ required }) => required)).toBe(true);
      expect(Object.keys(operation.responses as JsonObject)).toContain(
        method === "post" && path.endsWith("keys") ? "201" : "200",
      );
    }
  });
});

/** A request as the document describes it: required and optional parts, with values that its schemas allow. */
function requestOf({ method, path, operation }: Described): [target: string, init: RequestInit] {
  const parameters = (operation.parameters ?? []) as { in: string; name: string; schema: JsonObject }[];
  const query = new URLSearchParams();
  let target = path;
  for (const { in: place, name, schema } of parameters) {
    const value = EXAMPLES[name] ?? String(exampleOf(schema));
    if (place === "path") target = target.replace(`{${name}}`, value);
    else query.set(name, value);
  }
  const body = bodySchemaOf(operation);
  const headers: Record<string, string> = { "x-api-key": team.admin };
  if (body !== undefined) headers["content-type"] = "application/json";
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(exampleOf(body));
  return [`${target}${query.size > 0 ? `?${query}` : ""}`, init];
}

/** Where any text would fit its schema, and only some do what is asked. */
const EXAMPLES: Record<string, string> = { id: "member", since: "7d", until: "2100-01-01" };

function bodySchemaOf({ requestBody }: JsonObject): JsonObject | undefined {
  const content = isObject(requestBody) && isObject(requestBody.content) ? requestBody.content : {};
  const media = content["application/json"];
  return isObject(media) && isObject(media.schema) ? media.schema : undefined;
}

function exampleOf(schema: JsonObject): unknown {
  if (typeof schema.$ref === "string") return exampleOf(resolve(DOCUMENT, schema.$ref) as JsonObject);
  if (Array.isArray(schema.enum)) return schema.enum[0];
  switch ([schema.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries((schema.properties ?? {}) as Record<string, JsonObject>).map(([name, each]) => [
          name,
          name === "expires_at" ? "2100-01-01" : exampleOf(each),
        ]),
      );
    case "array":
      return [exampleOf(schema.items as JsonObject)];
    case "integer":
    case "number":
      return Number(schema.minimum ?? 1);
    case "boolean":
      return true;
    default:
      return "example";
  }
}

describe("each route answers a request that is made by it as it says", () => {
  test.each(OPERATIONS)("$name", async (described) => {
    const [target, init] = requestOf(described);
    const gone = new AbortController();
    const answer = await fetch(team.proxy.url + target, { ...init, signal: gone.signal });
    expect(answer.ok, `${target} ${answer.status}`).toBe(true);
    await fits(described, answer, gone);
  });

  test.each(OPERATIONS)("$name, without a key", async (described) => {
    const [target, init] = requestOf(described);
    const answer = await fetch(team.proxy.url + target, { ...init, headers: {} });
    expect(answer.status).toBe((described.operation.security as unknown[]).length === 0 ? 200 : 401);
    await fits(described, answer);
  });

  test.each(OPERATIONS.filter(({ path }) => path.startsWith("/admin/")))(
    "$name, not an admin",
    async (described) => {
      const [target, init] = requestOf(described);
      const headers = { ...init.headers, "x-api-key": await memberKey() };
      const answer = await fetch(team.proxy.url + target, { ...init, headers });
      expect(answer.status).toBe(403);
      await fits(described, answer);
    },
  );
});

let made: Promise<string> | undefined;
function memberKey(): Promise<string> {
  made ??= team.newKey({ name: "plain" });
  return made;
}

/** Status, content type and body are as the document has them. */
async function fits({ operation }: Described, answer: Response, gone?: AbortController): Promise<void> {
  const described = (operation.responses as JsonObject)[answer.status];
  if (!isObject(described) || !isObject(described.content))
    throw new Error(`${answer.status} is not described`);
  const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
  const media = described.content[type];
  if (!isObject(media)) throw new Error(`${type} is not described`);
  if (type === "application/json")
    expect(straysFrom(DOCUMENT, media.schema, await answer.json())).toEqual([]);
  else if (type === "text/event-stream") gone?.abort();
  else expect(await answer.text()).toContain("# HELP ");
}
