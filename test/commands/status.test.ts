import { describe, expect, test } from "vitest";
import { MODELS, ROWS } from "../support/default-tenant.ts";
import { loggedInWorld, newWorld } from "./world.ts";

describe("status", () => {
  test("nobody logged in is exit 4, with --json the error document alone", async () => {
    const world = await newWorld();
    expect(await world.run("status")).toEqual({
      code: 4,
      signal: null,
      stdout: "",
      stderr: "Error: No SAP AI Core credentials found. Run `aicore login` or set AICORE_SERVICE_KEY.\n",
    });
    const { stderr, stdout } = await world.run("status --json");
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "no_credentials" } });
    expect(stdout).toBe("");
  });

  test("counts one as one", async () => {
    const world = await loggedInWorld({ deployments: [{ id: "d1", model: "gpt-4.1" }] });
    expect((await world.run("status")).stdout).toMatch(/^Found +1 deployment, 1 model$/m);
  });

  test("shows source, client, token and what was found, never the secret", async () => {
    const world = await loggedInWorld();
    const { code, stdout } = await world.run("status");
    expect(stdout).toMatch(/^Profile +environment\nCredentials +AICORE_SERVICE_KEY, client sb-…0000!b1234\n/);
    expect(stdout).toMatch(/Token +valid until 2\d{3}-/);
    expect(stdout).toMatch(
      new RegExp(`Found +${ROWS.length} deployments, ${MODELS.length} models\\nProxy +not running\\n$`),
    );
    expect(stdout).not.toContain(String(world.sandbox.serviceKey.clientsecret));
    expect(code).toBe(0);
  });

  test("tells of sources that are ignored", async () => {
    const world = await loggedInWorld();
    await world.run(`login ${world.keyFile} --insecure-storage`);
    const { stderr } = await world.run("status");
    expect(stderr).toMatch(
      /Warning: Credentials come from AICORE_SERVICE_KEY; profile "default" is also there and ignored/,
    );
    const { stdout, stderr: silent } = await world.run("status --json");
    expect(JSON.parse(stdout).warnings).toEqual([expect.stringMatching(/also there and ignored/)]);
    expect(silent).toBe("");
  });

  test("credentials that SAP refuses are exit 4, with the document on stdout", async () => {
    const world = await loggedInWorld();
    world.env.AICORE_SERVICE_KEY = JSON.stringify({ ...world.sandbox.serviceKey, clientsecret: "wrong" });
    const { code, stdout } = await world.run("status --json");
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      profile: "environment",
      token: { expires_at: null },
      models: null,
      problem: { code: "invalid_credentials" },
    });
  });

  test("a tenant that does not answer is told, and the rest is still shown", async () => {
    const world = await loggedInWorld();
    await world.sandbox.close();
    const { code, stdout } = await world.run("status");
    expect(stdout).toMatch(/Found +nothing: .*Cannot reach 127\.0\.0\.1:\d+: connection refused/);
    expect(code).toBe(0);
  });
});
