import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { createNetwork } from "../../src/aicore/network.ts";
import { TokenSource } from "../../src/aicore/token.ts";
import { silentLogger } from "../../src/log.ts";
import { credentialsFor, FakeClock, grant } from "./fake-sap.ts";

/** Self-signed in 2026 for a hundred years; they open nothing but this test. */
const pem = (name: string) => readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), "utf8");

test("a certificate in place of a secret: mTLS, the client id in the form and no secret", async () => {
  const seen: { body: string; subject: unknown }[] = [];
  const server = createServer(
    {
      key: pem("server-key"),
      cert: pem("server"),
      ca: pem("client"),
      requestCert: true,
      rejectUnauthorized: true,
    },
    async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      seen.push({ body, subject: (request.socket as TLSSocket).getPeerCertificate().subject.CN });
      response.end(JSON.stringify(grant(1).json));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const network = createNetwork({ extraCa: [pem("server")] });
  onTestFinished(async () => {
    await network.close();
    server.closeAllConnections();
    server.close();
  });

  const secret = {
    kind: "certificate" as const,
    certificate: pem("client"),
    key: pem("client-key"),
    expiresAt: new Date("2126-01-01"),
  };
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { ...credentialsFor(url), secret };
  const source = new TokenSource({ credentials, network, log: silentLogger, clock: new FakeClock() });

  expect(await source.get()).toBe("token-1");
  expect(seen).toEqual([
    {
      body: "grant_type=client_credentials&client_id=sb-1%21b2%7Caicore%21b3",
      subject: "aicore test client",
    },
  ]);
});
