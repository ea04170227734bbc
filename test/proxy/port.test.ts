import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { CredentialsError } from "../../src/errors.ts";
import { unlimitedKey } from "../../src/keys/accepted.ts";
import { silentLogger } from "../../src/log.ts";
import { type BoundPort, bindPort, type Handlers } from "../../src/proxy/port.ts";
import { refuseAll } from "../../src/proxy/refuse.ts";

async function bound(): Promise<BoundPort> {
  const port = await bindPort({ port: 0 });
  onTestFinished(() => port.close());
  return port;
}

const answering: Handlers = {
  request: (request, response) => void response.end(`answer to ${request.url}`),
  upgrade: (_request, socket) => void socket.end("HTTP/1.1 426 Upgrade Required\r\n\r\n"),
};

test("requests that come before anyone serves wait, and are answered", async () => {
  const port = await bound();
  const arrived = once(port.server, "request");
  const early = fetch(`${port.url}/early`);
  await arrived;
  port.serve(answering);
  expect(await (await early).text()).toBe("answer to /early");
  expect(await (await fetch(`${port.url}/late`)).text()).toBe("answer to /late");
});

test("an upgrade waits as well", async () => {
  const port = await bound();
  const socket = connect(port.port, "127.0.0.1");
  const arrived = once(port.server, "upgrade");
  socket.write("GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
  await arrived;
  port.serve(answering);
  const [answer] = await once(socket, "data");
  expect(String(answer)).toContain("426");
  socket.destroy();
});

test("a proxy that cannot serve says why to those who have its key, in their dialect", async () => {
  const port = await bound();
  const reason = new CredentialsError("secret_missing", "The secret is gone.", {
    hint: "Run `aicore login`.",
  });
  const early = fetch(`${port.url}/v1/messages`, {
    method: "POST",
    body: "{}",
    headers: { "x-api-key": "k" },
  });
  refuseAll(port, [unlimitedKey("one-time", "k")], reason, silentLogger);
  const refused = await early;
  expect(refused.status).toBe(401);
  expect(refused.headers.get("x-should-retry")).toBe("false");
  expect(await refused.json()).toMatchObject({
    type: "error",
    error: {
      type: "authentication_error",
      message: expect.stringContaining("The secret is gone. Run `aicore login`."),
    },
  });
  const stranger = await fetch(`${port.url}/v1/chat/completions`, { method: "POST", body: "{}" });
  expect(stranger.status).toBe(401);
  expect(await stranger.text()).not.toContain("secret is gone");
});
