/**
 * What a client of each dialect sees of each family's stream, as files to read; and the same bytes wherever the
 * upstream's stream is cut. The question makes a model think, talk and call a tool.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { capabilitiesOf } from "../../src/catalog/capabilities.ts";
import { CLIENT_DIALECTS } from "../../src/dialects/clients.ts";
import type { JsonObject } from "../../src/hub/json.ts";
import type { HubRequest } from "../../src/hub/messages.ts";
import type { WireName } from "../../src/hub/wire.ts";
import { silentLogger } from "../../src/log.ts";
import { streamOf } from "../../src/proxy/answer.ts";
import type { ProxyContext } from "../../src/proxy/context.ts";
import { type Plan, planFor } from "../../src/proxy/plan.ts";
import { ResponseIds } from "../../src/routing/response-ids.ts";
import { outlineOf } from "../../src/stream/json-members.ts";
import { Scanner } from "../../src/stream/scanner.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { readStream } from "./client.ts";

const CLIENTS: WireName[] = ["anthropic", "openai-chat", "openai-responses", "gemini"];
const FAMILIES: [family: string, model: string, group: string][] = [
  ["claude", "anthropic--claude-4.6-sonnet", "default"],
  ["nova", "amazon--nova-pro", "default"],
  ["gpt-responses", "gpt-5.5", "default"],
  ["gpt-chat", "gpt-4.1", "default"],
  ["gemini", "gemini-2.5-pro", "default"],
  ["mistral", "mistralai--mistral-medium", "default"],
  ["perplexity", "sonar-pro", "default"],
  ["orchestration", "anthropic--claude-4.6-sonnet", "harmonised"],
];

const QUESTION: Omit<HubRequest, "model"> = {
  stream: true,
  max_tokens: 3_000,
  thinking: { type: "enabled", budget_tokens: 2_048 },
  tools: [
    {
      name: "bash",
      description: "Runs a command",
      input_schema: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
    },
  ],
  messages: [{ role: "user", content: "Run the command `ls`." }],
};

const stacks = new Map<string, Stack>();

beforeAll(async () => {
  for (const group of ["default", "harmonised"])
    stacks.set(group, await startStack({ resourceGroup: group }));
});
afterAll(async () => {
  for (const stack of stacks.values()) await stack.close();
});

describe.each(FAMILIES)("%s", (family, model, group) => {
  test.each(CLIENTS)(
    "as a client of %s sees it",
    async (wire) => {
      const stack = stacks.get(group);
      if (!stack) throw new Error(`no stack for ${group}`);
      const plan = await planOf(stack, wire, model);
      const upstream = await streamFrom(stack, plan);
      const seen = read(plan, [upstream]);
      const file = join(import.meta.dirname, "../golden/matrix", `${family}.${wire}.sse`);
      await expect(seen).toMatchFileSnapshot(file);
      const { complete, error } = readStream(wire, seen);
      expect({ complete, error }).toEqual({ complete: true, error: undefined });

      expect(
        read(
          plan,
          [...upstream].map((byte) => Buffer.from([byte])),
        ),
      ).toBe(seen);
      for (let cut = 1; cut < upstream.length; cut++) {
        const pieces = [upstream.subarray(0, cut), upstream.subarray(cut)];
        if (read(plan, pieces) !== seen) throw new Error(`another answer when cut at byte ${cut}`);
      }
    },
    90_000,
  );
});

/** How the proxy would send the question of this client to this model. */
async function planOf(stack: Stack, wire: WireName, model: string): Promise<Plan> {
  const client = CLIENT_DIALECTS[wire];
  const target = { model, capabilities: capabilitiesOf("gemini-2.5-pro"), note: () => {} };
  const json = client.codec.encodeRequest({ ...QUESTION, model }, target);
  const bytes = Buffer.from(JSON.stringify(json));
  const outline = outlineOf(bytes);
  if (!outline) throw new Error("no object");
  const path = `/v1beta/models/${model}:streamGenerateContent`;
  const asked = { ...client.read(json as JsonObject, path, () => {}), client, betas: [] };
  return planFor({ bytes, outline, json }, asked, await stack.catalog.resolve(model), contextFor());
}

function contextFor(): ProxyContext {
  return { log: silentLogger, responses: new ResponseIds() } as Partial<ProxyContext> as ProxyContext;
}

/** The upstream's bytes, as the sandbox frames them. */
async function streamFrom({ client }: Stack, plan: Plan): Promise<Buffer> {
  const [deployment] = plan.deployments;
  if (!deployment) throw new Error("no deployment");
  const { path, accept } = plan;
  const answer = await client.infer({ deployment, path, accept, body: plan.bodyFor(new Set()) });
  const bytes = await answer.body.bytes();
  if (answer.status !== 200) throw new Error(bytes.toString());
  return bytes;
}

/** What the client gets when the upstream's bytes come in these pieces; ids and times that are minted here cut out. */
function read(plan: Plan, pieces: Buffer[]): string {
  const [deployment] = plan.deployments;
  if (!deployment) throw new Error("no deployment");
  const translation = plan.upstream.translation(JSON.parse(plan.bodyFor(new Set()).toString()));
  const stream = streamOf({ ...plan, translation }, deployment, contextFor());
  const scanner = new Scanner(stream);
  const seen = Buffer.concat([...pieces.map((piece) => scanner.push(piece)), scanner.end()]).toString();
  if (scanner.failure) throw scanner.failure;
  expect(stream.complete).toBe(true);
  return seen
    .replaceAll(/"(created|created_at|completed_at)":\d+/g, '"$1":0')
    .replaceAll(/\b(rs|msg|fc|ctc|resp|chatcmpl|call)[_-][0-9a-zA-Z]{12,}/g, "$1_…")
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "…");
}
