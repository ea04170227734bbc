/** What all files of `deploy/` have in common: they can be read, and name only what there is. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ROUTES } from "../../src/proxy/routes.ts";
import { parse } from "../docs/command-lines.ts";
import { documentsIn, objectIn, PATHS, ROOT, textOf, YAML_PATHS } from "./files.ts";

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  restart: string;
  cap_drop: string[];
  security_opt: string[];
  privileged?: boolean;
  read_only?: boolean;
  stop_grace_period?: string;
  ports?: string[];
  secrets?: string[];
  deploy: { resources: { limits: { memory: string } } };
}

interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { environment: string }>;
}

const COMPOSE = objectIn<Compose>("deploy/compose.yaml");
const SERVICES = Object.entries(COMPOSE.services).map(([name, service]) => ({ name, ...service }));
const SOURCE = readdirSync(join(ROOT, "src"), { encoding: "utf8", recursive: true })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => readFileSync(join(ROOT, "src", path), "utf8"))
  .join("\n");

test.each(YAML_PATHS)("%s is YAML", (path) => {
  const documents = documentsIn(path);
  expect(documents.length).toBeGreaterThan(0);
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
});

test("every variable of ours that they name is one that the program reads", () => {
  const named = PATHS.flatMap((path) =>
    [...textOf(path).matchAll(/\bAICORE_[A-Z_]+\b/g)].map(([name]) => name),
  );
  expect(named).toContain("AICORE_SERVICE_KEY");
  const unknown = [...new Set(named)].filter((name) => !new RegExp(`\\b${name}\\b`).test(SOURCE));
  expect(unknown).toEqual([]);
});

test("every path that somebody asks for is a route", () => {
  const asked = [...YAML_PATHS, "deploy/Dockerfile"].flatMap((path) =>
    [...textOf(path).matchAll(/(?:path|endpoint): (\/[\w/]+)$|probe\.js", "(\/\w+)"/gm)].map(
      ([, member, argument]) => member ?? argument ?? "",
    ),
  );
  expect(new Set(asked)).toEqual(new Set(["/health", "/ready", "/metrics"]));
  const routes = ROUTES.filter(({ method }) => method === "GET").map(({ path }) => path);
  for (const path of new Set(asked)) expect(routes).toContain(path);
});

test("every command that a comment shows is one of this program", async () => {
  const shown = PATHS.flatMap((path) =>
    [...textOf(path).matchAll(/`aicore ([^`]+)`/g)].map(([, words]) => words),
  );
  expect(shown.length).toBeGreaterThan(0);
  for (const words of shown) expect(await parse((words ?? "").split(" ")), words).toBe(1);
});

test("no file holds a secret", () => {
  for (const path of PATHS) {
    expect(textOf(path), path).not.toMatch(/\b(aicl?_[\w-]{20,}|sb-[0-9a-f-]{30,}|eyJ[\w-]{20,})/);
    expect(basename(path), path).not.toMatch(/^\.env$|\.pem$|\.key$/);
  }
});

test.each(SERVICES)("compose: $name is held at a major, limited, watched and started again", (service) => {
  expect(service.image).toMatch(service.name === "aicore" ? /^aicore$/ : /:v?\d+/);
  expect(service.restart).toBe("unless-stopped");
  expect(service.deploy.resources.limits.memory).toMatch(/^\d+M$/);
  expect(service.cap_drop).toEqual(["ALL"]);
  expect(service.security_opt).toContain("no-new-privileges:true");
  expect(service.privileged).toBeUndefined();
  // The image of aicore has its own.
  if (service.name !== "aicore") expect(service.healthcheck?.test[0]).toBe("CMD");
  for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test("compose: aicore needs no file system but its volume, and has the time that its streams get", async () => {
  const { aicore } = COMPOSE.services;
  expect(aicore?.read_only).toBe(true);
  expect(await parse(aicore?.command ?? [])).toBe(1);
  const drain = Number(aicore?.command?.at(-1));
  expect(Number.parseInt(aicore?.stop_grace_period ?? "", 10)).toBeGreaterThan(drain);
});

test("compose: what is secret comes from variables that the example lists", () => {
  const wanted = [...textOf("deploy/compose.yaml").matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
  const sources = Object.values(COMPOSE.secrets).map(({ environment }) => environment);
  const example = [...textOf("deploy/env.example").matchAll(/^(\w+)=('')?$/gm)].map(([, name]) => name);
  expect(new Set([...wanted, ...sources])).toEqual(new Set(example));
  for (const { secrets = [] } of SERVICES)
    for (const secret of secrets) expect(Object.keys(COMPOSE.secrets)).toContain(secret);
});

test("prometheus asks the service by a name that the proxy answers to, with the key from its secret", () => {
  const { scrape_configs } = objectIn<{
    scrape_configs: {
      authorization: { credentials_file: string };
      static_configs: { targets: string[] }[];
    }[];
  }>("deploy/prometheus.yaml");
  const [job] = scrape_configs;
  expect(job?.authorization.credentials_file).toBe("/run/secrets/metrics_key");
  expect(COMPOSE.services.prometheus?.secrets).toContain("metrics_key");
  expect(COMPOSE.services.aicore?.environment?.AICORE_HOSTS).toBe("aicore");
  expect(job?.static_configs[0]?.targets).toEqual(["aicore:6655"]);
});

test("kustomizations list files that are there, and all of them but the example of secrets", () => {
  for (const path of YAML_PATHS.filter((path) => basename(path) === "kustomization.yaml")) {
    const { resources } = objectIn<{ resources: string[] }>(path);
    const beside = YAML_PATHS.filter((other) => dirname(other) === dirname(path)).map((other) =>
      basename(other),
    );
    const expected = beside.filter((name) => !/^(kustomization|secret\.example)\.yaml$/.test(name));
    expect(resources.filter((name) => !name.startsWith("../")).sort(), path).toEqual(expected.sort());
  }
});
