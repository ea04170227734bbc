/** A real `aicore serve` beside a collector that a test is: what it sends, and what it never sends. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { loggedInWorld } from "../commands/world.ts";
import { serve } from "../lifecycle/serving.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CANARY = "canary-5d1e";

interface Collector {
  url: string;
  /** Bodies of the calls so far. */
  bodies: string[];
}

async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    bodies.push(`${request.url} ${body}`);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

test("a request is one span, under the client's own trace, without a word of what was said", async () => {
  const collector = await startCollector();
  const world = await loggedInWorld();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: "ours" };
  const proxy = await serve(world, "--port 0", { env: { ...world.env, ...env } });
  const answer = await fetch(`${proxy.url}/v1/messages`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": proxy.key,
      traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
    },
    body: JSON.stringify({
      model: "claude-sonnet-4-5",
      max_tokens: 100,
      messages: [{ role: "user", content: `Say: ${CANARY}` }],
    }),
  });
  expect(answer.status).toBe(200);
  await answer.text();
  proxy.child.kill("SIGTERM");
  expect(await proxy.child.result).toMatchObject({ code: 0 });
  const [body = ""] = collector.bodies;
  expect(collector.bodies).toHaveLength(1);
  expect(body).toMatch(/^\/v1\/traces \{"resourceSpans"/);
  for (const part of [
    `"traceId":"${TRACE}"`,
    '"parentSpanId":"b7ad6b7169203331"',
    '"name":"chat anthropic--claude-4.5-sonnet"',
    '{"key":"service.name","value":{"stringValue":"ours"}}',
    '{"key":"gen_ai.request.model","value":{"stringValue":"claude-sonnet-4-5"}}',
    `{"key":"aicore.request_id","value":{"stringValue":"${answer.headers.get("x-request-id")}"}}`,
  ]) {
    expect(body).toContain(part);
  }
  expect(body).not.toContain("canary");
});
