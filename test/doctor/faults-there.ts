/** Faults on the way to SAP, and there. */
import type { SandboxOptions } from "../../src/sandbox/index.ts";
import { closedPort, http, https, tcp } from "../aicore/servers.ts";
import { serviceKey } from "../config/home.ts";
import { connectProxy } from "../support/connect-proxy.ts";
import type { Fault } from "./fault.ts";
import type { Scene } from "./scene.ts";

const ADMIN = "/admin/resourceGroups";
const MODELS = "foundation-models/models";
const group = (changes: object) => ({
  count: 1,
  resources: [{ resourceGroupId: "default", status: "PROVISIONED", servicePlan: "extended", ...changes }],
});
const dated = (minutes: number) => (scene: Scene) => {
  const date = new Date(Date.now() - minutes * 60_000).toUTCString();
  scene.sandbox.faults.add({ path: "/oauth/token", headers: { date }, times: 1 });
};
const only = (status: "DEAD" | "STOPPED" | "PENDING"): SandboxOptions => ({
  deployments: [
    { id: "d7", model: "gpt-4o", status, statusMessage: status === "DEAD" ? "Model retired" : "" },
  ],
});

export const THERE: Fault[] = [
  {
    fault: "a proxy of a kind that is not known",
    check: "proxy",
    status: "fail",
    message: /HTTPS_PROXY: only http:\/\/ and https:\/\/ proxies/,
    fix: /HTTPS_PROXY=http:\/\/proxy/,
    binary: true,
    inject: ({ env }) => Object.assign(env, { HTTPS_PROXY: "socks5://127.0.0.1:1080" }),
  },
  {
    fault: "a proxy that is not there",
    check: "proxy",
    status: "fail",
    message: /The proxy http:\/\/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/,
    fix: /Correct or unset HTTPS_PROXY/,
    inject: async ({ env }) =>
      Object.assign(env, { HTTPS_PROXY: `http://user:canary@127.0.0.1:${await closedPort()}` }),
  },
  {
    fault: "a proxy that wants a password",
    check: "connection",
    status: "fail",
    message: /The proxy http:\/\/127\.0\.0\.1:\d+ refused the connection to .* \(407\)/,
    fix: /HTTPS_PROXY takes both before its host/,
    binary: true,
    inject: async (scene) => {
      const { port } = await connectProxy({ refuse: 407 });
      scene.env.HTTPS_PROXY = `http://127.0.0.1:${port}`;
      scene.env.AICORE_SERVICE_KEY = JSON.stringify(serviceKey());
    },
  },
  {
    fault: "a file of certificates that is not there",
    check: "proxy",
    status: "fail",
    message: /NODE_EXTRA_CA_CERTS: cannot read \/nowhere\/ca\.pem/,
    fix: /Correct the path or unset it/,
    inject: ({ env }) => Object.assign(env, { NODE_EXTRA_CA_CERTS: "/nowhere/ca.pem" }),
  },
  {
    fault: "a host that does not exist",
    check: "dns",
    status: "fail",
    message: /Cannot find my-subdomain\.authentication\.eu10\.hana\.ondemand\.com: the name does not exist/,
    fix: /comes from the service key.*VPN/,
    inject: (scene) => {
      scene.env.AICORE_SERVICE_KEY = JSON.stringify(serviceKey());
      scene.resolveHost = () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
    },
  },
  {
    fault: "a host that refuses",
    check: "connection",
    status: "fail",
    message: /Cannot reach 127\.0\.0\.1:\d+: connection refused/,
    fix: /VPN and HTTPS_PROXY/,
    binary: true,
    inject: async (scene) => scene.hosts(`http://127.0.0.1:${await closedPort()}`, scene.sandbox.url),
  },
  {
    fault: "TLS that a company opens",
    check: "connection",
    status: "fail",
    message: /The TLS certificate of 127\.0\.0\.1:\d+ is not trusted/,
    fix: /NODE_EXTRA_CA_CERTS/,
    binary: true,
    inject: async (scene) =>
      scene.hosts(`https://127.0.0.1:${await https("server", (_, answer) => answer.end())}`),
  },
  {
    fault: "a host that does not speak TLS",
    check: "connection",
    status: "fail",
    message: /did not answer with TLS/,
    fix: /./,
    inject: async (scene) => scene.hosts(`https://127.0.0.1:${await http((_, answer) => answer.end())}`),
  },
  {
    fault: "something else at the other end",
    check: "connection",
    status: "fail",
    message: /sent an answer that is not valid HTTP/,
    fix: /./,
    inject: async (scene) =>
      scene.hosts(`http://127.0.0.1:${await tcp((socket) => socket.end("SSH-2.0-x\r\n"))}`),
  },
  {
    fault: "a clock that is ten minutes ahead",
    check: "clock",
    status: "fail",
    message: /clock is 10 min ahead of SAP's/,
    fix: /timedatectl/,
    inject: dated(10),
  },
  {
    fault: "a clock that is two minutes behind",
    check: "clock",
    status: "warn",
    message: /clock is 2 min behind SAP's/,
    fix: /timedatectl/,
    inject: dated(-2),
  },

  {
    fault: "a wrong secret",
    check: "token",
    status: "fail",
    message: /SAP refused the credentials: unauthorized: Bad credentials/,
    fix: /do not fit.*new service key/,
    binary: true,
    inject: (scene) => scene.key({ clientsecret: "wrong" }),
  },
  {
    fault: "a client that is gone",
    check: "token",
    status: "fail",
    message: /invalid_client/,
    fix: /new service key/,
    inject: (scene) => scene.answer("/oauth/token", 400, { error: "invalid_client" }),
  },
  {
    fault: "a sub-account that is gone",
    check: "token",
    status: "fail",
    message: /tenant not found/,
    fix: /two different keys/,
    inject: (scene) =>
      scene.answer("/oauth/token", 401, { error: "unauthorized", error_description: "tenant not found" }),
  },
  {
    fault: "a wrong subdomain",
    check: "token",
    status: "fail",
    message: /There is no token service at the service key's `url`/,
    fix: /subdomain/,
    inject: (scene) => scene.answer("/oauth/token", 404, "Not Found"),
  },
  {
    fault: "a key and an API of two regions",
    check: "access",
    status: "fail",
    message: /SAP AI Core answered 401: Jwt issuer is not configured/,
    fix: /do not belong together/,
    binary: true,
    inject: (scene) => scene.answer(ADMIN, 401, "Jwt issuer is not configured"),
  },
  {
    fault: "a plan without models",
    check: "plan",
    status: "fail",
    message: /The service plan is free: it has no generative models/,
    fix: /`extended`/,
    binary: true,
    inject: (scene) => scene.answer(ADMIN, 200, group({ servicePlan: "free" })),
  },
  {
    fault: "a resource group that does not exist",
    check: "resource-group",
    status: "fail",
    message: /There is no resource group "team-red"/,
    fix: /--resource-group/,
    detail: /there is: default \(2 running deployments\)/,
    binary: true,
    inject: ({ env }) => Object.assign(env, { AICORE_RESOURCE_GROUP: "team-red" }),
  },
  {
    fault: "the same, with a key that may not list the groups",
    check: "resource-group",
    status: "fail",
    message: /SAP AI Core answered 403: RBAC: access denied/,
    fix: /Check the resource group/,
    inject: (scene) => {
      scene.env.AICORE_RESOURCE_GROUP = "team-red";
      scene.answer(ADMIN, 403, "RBAC: access denied");
    },
  },
  {
    fault: "a resource group in trouble",
    check: "resource-group",
    status: "warn",
    message: /Resource group "default" is ERROR: quota of groups reached/,
    fix: /choose another one/,
    inject: (scene) =>
      scene.answer(ADMIN, 200, group({ status: "ERROR", statusMessage: "quota of groups reached" })),
  },
  {
    fault: "nothing deployed",
    check: "deployments",
    status: "fail",
    message: /Nothing is deployed in resource group "default"/,
    fix: /aicore deployments create/,
    sandbox: { deployments: [] },
    binary: true,
    inject: () => {},
  },
  {
    fault: "nothing that runs",
    check: "deployments",
    status: "fail",
    message: /No deployment is RUNNING in resource group "default" \(STOPPED 1\)/,
    fix: /aicore deployments create/,
    sandbox: only("STOPPED"),
    inject: () => {},
  },
  {
    fault: "a deployment that died",
    check: "deployments",
    status: "fail",
    message: /\(DEAD 1\)/,
    fix: /Deploy/,
    detail: /gpt-4o \(d7\) is DEAD: Model retired/,
    sandbox: only("DEAD"),
    inject: () => {},
  },
  {
    fault: "a catalogue that is closed",
    check: "catalogue",
    status: "fail",
    message: /no generative model/,
    fix: /`extended`/,
    inject: (scene) => scene.answer(MODELS, 404, "Scenario foundation-models not found"),
  },
  {
    fault: "a deployed version that ends",
    check: "catalogue",
    status: "warn",
    message: /1 deployed version ends soon/,
    fix: /newer version/,
    detail: /claude-4\.6-sonnet 1 ends on 2026-01-01/,
    inject: (scene) => {
      const version = { name: "1", isLatest: true, deprecated: true, retirementDate: "2026-01-01" };
      scene.answer(MODELS, 200, {
        resources: [{ model: "anthropic--claude-4.6-sonnet", versions: [version] }],
      });
    },
  },
];
