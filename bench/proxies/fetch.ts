/** What one would write first: a Hono route that hands the request to `fetch` and its response back. Prints its port. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const upstream = `http://127.0.0.1:${process.argv[2]}`;
const app = new Hono();

app.all("*", async (context) => {
  const { raw, method, url } = context.req;
  const { pathname, search } = new URL(url);
  const answer = await fetch(upstream + pathname + search, {
    method,
    headers: { "content-type": context.req.header("content-type") ?? "application/json" },
    body: raw.body,
    duplex: "half",
  });
  return new Response(answer.body, { status: answer.status, headers: answer.headers });
});

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
  process.stdout.write(`${port}\n`);
});
