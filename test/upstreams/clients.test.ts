/**
 * What real clients send (the shapes of the captures of 2026-11-21, with invented texts), prepared and sent to the
 * sandbox, which refuses what Bedrock refuses.
 */
import { readdirSync, readFileSync } from "node:fs";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { bedrockClaude } from "../../src/upstreams/bedrock-claude/index.ts";
import { callFor, frozen } from "./request.ts";

interface Fixture {
  /** The SAP model that the client's id resolves to. */
  model: string;
  betas: string[];
  body: JsonObject;
}

const FOLDER = new URL("../fixtures/messages/", import.meta.url);
const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));
const fixture = (name: string): Fixture => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));

describe("requests of real clients", () => {
  let sandbox: Sandbox;
  let token: string;
  const models = [...new Set(names.map((name) => fixture(name).model))];

  beforeAll(async () => {
    sandbox = await startSandbox({ deployments: models.map((model) => ({ id: idOf(model), model })) });
    const { clientid, clientsecret } = sandbox.serviceKey;
    const form = {
      grant_type: "client_credentials",
      client_id: String(clientid),
      client_secret: String(clientsecret),
    };
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await post(`${sandbox.url}/oauth/token`, new URLSearchParams(form).toString(), type);
    token = JSON.parse(answer.text).access_token;
  });
  afterAll(() => sandbox.close());

  const idOf = (model: string): string => `d${models.indexOf(model)}`;

  test.each(names)("%s is accepted", async (name) => {
    const { model, betas, body } = fixture(name);
    const call = callFor(model, { betas, stream: body.stream === true });
    const prepared = bedrockClaude.prepare(frozen(body), call);
    expect(bedrockClaude.prepare(frozen(prepared), call)).toBe(prepared);
    const path = `/v2/inference/deployments/${idOf(model)}${bedrockClaude.path(call)}`;
    const answer = await post(sandbox.url + path, JSON.stringify(prepared), {
      authorization: `Bearer ${token}`,
      "ai-resource-group": "default",
      "content-type": "application/json",
    });
    expect(answer.text).toContain(call.stream ? "message_stop" : '"stop_reason"');
    expect(answer.status).toBe(200);
  });

  test("the second turn of Claude Code begins with the bytes of the first", () => {
    const [first, second] = ["1", "2"].map((turn) => {
      const { model, betas, body } = fixture(`claude-code-2.1.329-turn-${turn}`);
      const { system, messages } = bedrockClaude.prepare(body, callFor(model, { betas }));
      return JSON.stringify({ system, messages }).replaceAll(',"cache_control":{"type":"ephemeral"}', "");
    });
    expect(second?.startsWith(first?.replace(/\]\}$/, "") ?? "-")).toBe(true);
  });
});

/** With undici's `request`, which adds no headers of its own. */
async function post(url: string, body: string, headers: Record<string, string>) {
  const answer = await request(url, { method: "POST", body, headers });
  return { status: answer.statusCode, text: await answer.body.text() };
}
