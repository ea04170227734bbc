/**
 * The network between us and SAP fails while the proxy runs: what each dialect's client is told, and that no model was
 * asked (security F1, F3, F10–F13).
 */
import { describe, expect, test } from "vitest";
import type { HubRequest } from "../../src/hub/messages.ts";
import type { WireName } from "../../src/hub/wire.ts";
import { http, https, tcp } from "../aicore/servers.ts";
import { ask } from "../matrix/client.ts";
import type { ConnectProxy } from "../support/connect-proxy.ts";
import { companyStack, SENT } from "./company.ts";

const QUESTION: HubRequest = {
  model: "claude-sonnet-4-5",
  max_tokens: 50,
  messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
};
const WIRES: WireName[] = ["anthropic", "openai-chat", "openai-responses", "gemini"];

interface Row {
  manner: () => Promise<ConnectProxy["manner"]>;
  status?: 504;
  says: RegExp;
}

const secure = async (name: string, key?: string) => ({
  tunnel: await https(name, (_, response) => response.end("ok"), key),
});

const FAULTS: Record<string, Row> = {
  "F1: a host that refuses, as the proxy tells it": {
    manner: async () => ({ refuse: 502 }),
    says: /The proxy http:\/\/\*\*\*@127\.0\.0\.1:\d+ refused the connection to sap\.invalid:\d+ \(502\)\./,
  },
  "F3: a host that never answers": {
    manner: async () => ({ tunnel: await tcp((socket) => void socket.resume()) }),
    status: 504,
    says: /sap\.invalid:\d+ did not accept a connection in time\. Check the network/,
  },
  "F10: plain HTTP where TLS should be": {
    manner: async () => ({ tunnel: await http((_, response) => response.end()) }),
    says: /sap\.invalid:\d+ did not answer with TLS\./,
  },
  "F11: a certificate of an unknown authority": {
    manner: () => secure("other-host"),
    says: /The TLS certificate of sap\.invalid:\d+ is not trusted\. Behind a company proxy .*NODE_EXTRA_CA_CERTS/,
  },
  "F12: a certificate that has expired": {
    manner: () => secure("sap-expired", "leaf-key"),
    says: /The TLS certificate of sap\.invalid:\d+ has expired\./,
  },
  "F12: the certificate of another host": {
    manner: () => secure("elsewhere", "leaf-key"),
    says: /The TLS certificate of sap\.invalid:\d+ is for another host\./,
  },
  "F13: a proxy that no longer takes the password": {
    manner: async () => ({ refuse: 407 }),
    says: /\*\*\*@127\.0\.0\.1:\d+ refused the connection .* \(407\); it does not accept the user and password/,
  },
  "F13: a proxy that falls silent": {
    manner: async () => "silence",
    status: 504,
    says: /The proxy http:\/\/\*\*\*@127\.0\.0\.1:\d+ did not open a connection to sap\.invalid:\d+ in time\./,
  },
};

/** How each dialect words the type of an error with this status. */
const TYPES: Record<WireName, Record<502 | 504, RegExp>> = {
  anthropic: { 502: /"type":"api_error"/, 504: /"type":"timeout_error"/ },
  "openai-chat": { 502: /"type":"server_error"/, 504: /"type":"server_error"/ },
  "openai-responses": { 502: /"type":"server_error"/, 504: /"type":"server_error"/ },
  gemini: { 502: /"code":502/, 504: /"code":504/ },
};

describe.each(Object.entries(FAULTS))("%s", (_name, row) => {
  test("is told in every dialect, and nothing was asked", async () => {
    const stack = await companyStack({ connectTimeout: 1_000 });
    const before = stack.sandbox.requests.length;
    stack.gate.manner = await row.manner();
    await stack.gate.cut();
    const { status = 502, says } = row;
    await Promise.all(
      WIRES.flatMap((wire) => [false, true].map((stream) => ({ wire, stream }))).map(
        async ({ wire, stream }) => {
          const told = await ask(stack, wire, { ...QUESTION, stream });
          expect(told, wire).toMatchObject({ status, complete: false });
          expect(told.error, wire).toMatch(says);
          expect(told.error, wire).toMatch(TYPES[wire][status]);
          expect(told.error, wire).not.toContain("canary");
        },
      ),
    );
    expect(stack.sandbox.requests.length).toBe(before);
    expect(stack.logged.join("\n")).toContain("sap.invalid");
    expect(stack.logged.join("\n")).not.toContain("canary");
    stack.gate.manner = { tunnel: stack.sandbox.port };
    // Another model: the deployment of this one may rest for a while.
    const other = { ...QUESTION, model: "gpt-4.1" };
    expect(await ask(stack, "anthropic", other)).toMatchObject({ status: 200, complete: true });
    expect(new Set(stack.gate.credentials)).toEqual(new Set([SENT]));
  });
});
