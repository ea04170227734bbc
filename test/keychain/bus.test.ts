import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { saveSecret } from "../../src/config/secrets/index.ts";
import { readKeychain } from "../../src/config/secrets/keychain.ts";
import { parseServiceKey } from "../../src/config/service-key.ts";
import { failureOf, temporaryFolder, x509Key } from "../config/home.ts";
import { secretOptions } from "./situation.ts";

/** A D-Bus that accepts and never answers. */
async function startSilentBus(): Promise<{ address: string; socket: Promise<Socket> }> {
  const path = join(temporaryFolder(), "bus");
  const server = createServer();
  const socket = once(server, "connection").then(([connection]) => (connection as Socket).resume());
  await once(server.listen(path), "listening");
  onTestFinished(() => void server.close());
  return { address: `unix:path=${path}`, socket };
}

describe.runIf(process.platform === "linux")("without a keychain that works", () => {
  test.each<[what: string, env: NodeJS.ProcessEnv]>([
    ["no session bus", {}],
    ["a runtime folder without a bus", { XDG_RUNTIME_DIR: "/nowhere" }],
    ["the address of a bus that is gone", { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere/bus" }],
  ])("K1 %s: told at once, nothing saved", async (_what, variables) => {
    const options = secretOptions({ PATH: process.env.PATH, ...variables });
    const { credentials } = parseServiceKey(JSON.stringify(x509Key()));
    expect(await failureOf(() => saveSecret("default", "keychain", credentials, options))).toMatchObject({
      exitCode: 7,
      code: "keychain_absent",
      hint: expect.stringMatching(/^Nothing was saved\. Choose one:/),
    });
    expect(existsSync(options.paths.config)).toBe(false);
  });

  test("K3 a bus that never answers is given up after 5 s, and the process that asked it ends", async () => {
    const { address, socket } = await startSilentBus();
    const options = secretOptions({ DBUS_SESSION_BUS_ADDRESS: address });
    const gone = socket.then((connection) => once(connection, "close"));
    expect(await failureOf(() => readKeychain("default", options))).toMatchObject({
      exitCode: 7,
      code: "keychain_timeout",
      message: "The system keychain did not answer within 5 s.",
    });
    await gone;
  });

  test("a person is told to look for a dialog", async () => {
    const { address, socket } = await startSilentBus();
    const notices: string[] = [];
    const onWait = (notice: string) => {
      notices.push(notice);
      void socket.then((connection) => connection.destroy());
    };
    const options = { env: { DBUS_SESSION_BUS_ADDRESS: address }, interactive: true, onWait };
    expect(await failureOf(() => readKeychain("default", options))).toMatchObject({ exitCode: 7 });
    expect(notices).toEqual(["Waiting for your system keychain – look for a password dialog …"]);
  });

  test("K4 the module is not installed", async () => {
    const { address } = await startSilentBus();
    const env = { DBUS_SESSION_BUS_ADDRESS: address, NAPI_RS_NATIVE_LIBRARY_PATH: "/nowhere/keyring.node" };
    expect(await failureOf(() => readKeychain("default", { env, interactive: false }))).toMatchObject({
      exitCode: 7,
      code: "keychain_module_missing",
    });
  });
});
