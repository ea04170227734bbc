/** Faults on this machine: programs, variables, files, credentials, the proxy. */
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { closedPort, http } from "../aicore/servers.ts";
import { fixture } from "../config/home.ts";
import type { Fault } from "./fault.ts";

export const HERE: Fault[] = [
  {
    fault: "SAP's Python SDK is first on PATH",
    check: "program",
    status: "warn",
    message: /`aicore` on PATH is \S+, the command of SAP's Python SDK/,
    fix: /sap-aicore/,
    inject: (scene) => {
      const path = scene.file(join(scene.cwd, "bin/aicore"), "#!/usr/bin/python3\n");
      chmodSync(path, 0o755);
      scene.env.PATH = join(scene.cwd, "bin");
    },
  },
  {
    fault: "certificates are not checked",
    check: "environment",
    status: "fail",
    message: /NODE_TLS_REJECT_UNAUTHORIZED=0/,
    fix: /Unset it.*NODE_EXTRA_CA_CERTS/,
    binary: true,
    inject: ({ env }) => Object.assign(env, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }),
  },
  {
    fault: "a debugger in every Node program",
    check: "environment",
    status: "warn",
    message: /NODE_OPTIONS opens a debugger/,
    fix: /--inspect/,
    inject: ({ env }) => Object.assign(env, { NODE_OPTIONS: "--inspect=0" }),
  },
  {
    fault: "a gateway of someone else",
    check: "environment",
    status: "warn",
    message: /ANTHROPIC_BASE_URL is set.*go there/,
    fix: /Unset ANTHROPIC_BASE_URL/,
    inject: ({ env }) => Object.assign(env, { ANTHROPIC_BASE_URL: "https://gateway.example.com" }),
  },
  {
    fault: "settings that are not JSON",
    check: "settings",
    status: "fail",
    message: /config\.json line 2, column \d+: not valid JSON/,
    fix: /aicore config path/,
    binary: true,
    inject: (scene) => scene.settings('{"server":\n{"port": }}'),
  },
  {
    fault: "a setting that does not exist",
    check: "settings",
    status: "warn",
    message: /unknown setting "server\.prot"; did you mean "server\.port"/,
    fix: /Correct or remove it in .*config\.json/,
    inject: (scene) => scene.settings({ server: { prot: 1 } }),
  },
  {
    fault: "settings that others can read",
    check: "settings",
    status: "warn",
    message: /readable by others \(mode 0644\)/,
    fix: /chmod 600/,
    inject: (scene) => scene.settings({}, 0o644),
  },
  {
    fault: "a variable with a port that is none",
    check: "settings",
    status: "fail",
    message: /AICORE_PORT: expected 0–65535, got "abc"/,
    fix: /./,
    inject: ({ env }) => Object.assign(env, { AICORE_PORT: "abc" }),
  },
  {
    fault: "a local key that others can read",
    check: "local-key",
    status: "fail",
    message: /local-key is readable by others \(mode 0644\)/,
    fix: /chmod 600.*delete it/,
    binary: true,
    inject: (scene) => scene.file(join(scene.paths.state, "local-key"), "aicl_key", 0o644),
  },

  {
    fault: "nobody is logged in",
    check: "credential-source",
    status: "fail",
    message: /No SAP AI Core credentials found/,
    fix: /BTP cockpit.*aicore login key\.json.*aicore demo/,
    binary: true,
    inject: ({ env }) => delete env.AICORE_SERVICE_KEY,
  },
  {
    fault: "two sources of credentials",
    check: "credential-source",
    status: "warn",
    message: /come from AICORE_SERVICE_KEY; ignored: profile "work" \(keychain\), client sb-…0000/,
    fix: /never mixed/,
    inject: (scene) => scene.storedProfile(),
  },
  {
    fault: "an empty variable",
    check: "credential-source",
    status: "warn",
    message: /AICORE_RESOURCE_GROUP is set but empty/,
    fix: /unset it/,
    inject: ({ env }) => Object.assign(env, { AICORE_RESOURCE_GROUP: "" }),
  },
  {
    fault: "a profile that is not there",
    check: "credential-source",
    status: "fail",
    message: /There is no profile "tset"/,
    fix: /aicore --profile tset login/,
    binary: true,
    inject: (scene) => Object.assign(scene, { profile: "tset" }),
  },
  {
    fault: "a keychain that this machine has not",
    check: "keychain",
    status: "fail",
    message: /No system keychain is available/,
    fix: /AICORE_SERVICE_KEY=.*\n.*--storage file/,
    binary: true,
    linux: true,
    inject: async (scene) => {
      delete scene.env.AICORE_SERVICE_KEY;
      await scene.storedProfile();
    },
  },
  {
    fault: "a keychain that never answers",
    check: "keychain",
    status: "fail",
    message: /The system keychain did not answer within 5 s/,
    fix: /--storage file/,
    linux: true,
    inject: async (scene) => {
      delete scene.env.AICORE_SERVICE_KEY;
      await scene.storedProfile();
      const bus = createServer((socket) => socket.resume().on("error", () => {}));
      const path = join(scene.cwd, "bus");
      await once(bus.listen(path), "listening");
      onTestFinished(() => void bus.close());
      scene.env.DBUS_SESSION_BUS_ADDRESS = `unix:path=${path}`;
    },
  },
  {
    fault: "a service key that was cut off",
    check: "credentials",
    status: "fail",
    message: /not valid JSON/,
    fix: /./,
    inject: ({ env }) => Object.assign(env, { AICORE_SERVICE_KEY: '{"clientid":"x' }),
  },
  {
    fault: "a service key without its secret",
    check: "credentials",
    status: "fail",
    message: /missing: clientsecret/,
    fix: /./,
    inject: (scene) => scene.key({ clientsecret: undefined }),
  },
  {
    fault: "a certificate that has expired",
    check: "credentials",
    status: "fail",
    message: /certificate expired on \d{4}-\d\d-\d\d/,
    fix: /new service key/,
    inject: (scene) =>
      scene.key({
        clientsecret: undefined,
        certificate: fixture("expired-certificate.pem"),
        key: fixture("key.pem"),
        certurl: scene.sandbox.url,
      }),
  },
  {
    fault: "a port that another program has",
    check: "port",
    status: "warn",
    message: /Port \d+ is used by another program/,
    fix: /aicore serve --port/,
    inject: async ({ env }) =>
      Object.assign(env, { AICORE_PORT: String(await http((_, answer) => answer.end())) }),
  },
  {
    fault: "a proxy that does not answer",
    check: "running-proxy",
    status: "warn",
    message: /http:\/\/127\.0\.0\.1:\d+ \(pid \d+\) does not answer/,
    fix: /start `aicore serve` again/,
    inject: async (scene) => scene.runningProxy(await closedPort()),
  },
  {
    fault: "a proxy of an older version",
    check: "running-proxy",
    status: "warn",
    message: /runs aicore 0\.0\.1, this is 1\.2\.3/,
    fix: /Restart it/,
    inject: async (scene) => {
      const health = JSON.stringify({ status: "ok", version: "0.0.1" });
      scene.runningProxy(await http((_, answer) => answer.end(health)));
    },
  },
  {
    fault: "settings of Claude Code that win over ours",
    check: "claude-settings",
    status: "warn",
    message: /settings\.json sets env\.ANTHROPIC_BASE_URL, which overrides aicore\./,
    fix: /Remove it there/,
    binary: true,
    inject: (scene) =>
      scene.file(join(scene.cwd, ".claude/settings.json"), { env: { ANTHROPIC_BASE_URL: "https://x" } }),
  },
];
