/** Behind a route or an ingress: names of others, as requests bring them, and no further. */
import { expect, test } from "vitest";
import { loggedInWorld } from "../commands/world.ts";
import { serve } from "../lifecycle/serving.ts";
import { head, raw } from "../support/raw.ts";

const HOSTS = "aicore, Models.Example.com,gateway:8443";

const CASES: [status: number, host: string, origin?: string][] = [
  [200, "aicore:PORT"],
  [200, "aicore"],
  [200, "models.example.com"],
  [200, "MODELS.example.com."],
  [200, "models.example.com", "https://models.example.com"],
  [200, "models.example.com", "http://models.example.com"],
  [200, "gateway:8443", "https://gateway:8443"],
  [200, "127.0.0.1:PORT"],
  [403, "gateway"],
  [403, "gateway:PORT"],
  [403, "aicore:1"],
  [403, "127.0.0.1"],
  [403, "evil.com"],
  [403, "models.example.com.evil.com"],
  [403, "sub.models.example.com"],
  [403, "models.example.com", "https://evil.com"],
  [403, "models.example.com", "https://models.example.com:1"],
  [403, "models.example.com", "https://models.example.com.evil.com"],
];

test("AICORE_HOSTS", async () => {
  const world = await loggedInWorld();
  const { port } = await serve(world, "--port 0", { env: { AICORE_HOSTS: HOSTS } });
  for (const [status, host, origin] of CASES) {
    const line = `GET /health HTTP/1.1\r\nHost: ${host.replace("PORT", String(port))}`;
    const answer = await raw(port, head(port, line, { host: undefined, origin }));
    expect([host, origin, answer.status]).toEqual([host, origin, status]);
  }
});

test.each(["https://aicore.example.com", "aicore,", "aicore/path", "*.example.com"])(
  "%s is no list of names",
  async (hosts) => {
    const world = await loggedInWorld();
    const { code, stderr } = await world.run("serve --port 0", { env: { AICORE_HOSTS: hosts } });
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining("AICORE_HOSTS: expected a list of host names"),
    ]);
  },
);
