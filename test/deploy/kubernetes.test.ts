/** The objects for Kubernetes: the members on which security, probes and a rolling update rest. */
import { expect, test } from "vitest";
import { parse } from "../docs/command-lines.ts";
import { finalOf } from "./dockerfile.ts";
import { documentsIn, objectIn } from "./files.ts";
import type { Container, Deployment, Resource } from "./kubernetes.ts";

const FOLDER = "deploy/kubernetes";
const DEPLOYMENT = objectIn<Deployment>(`${FOLDER}/deployment.yaml`);
const POD = DEPLOYMENT.spec.template.spec;
const [AICORE, ...OTHERS] = POD.containers;
const LABELS = { "app.kubernetes.io/name": "aicore" };

function aicore(): Container {
  if (!AICORE) throw new Error("no container");
  return AICORE;
}

test("one container, not root, nothing writable but its volume, no capability, no token of the cluster", () => {
  expect(OTHERS).toEqual([]);
  const [uid, gid] = finalOf("deploy/Dockerfile", "USER").split(":").map(Number);
  expect(POD.securityContext).toEqual({
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    fsGroup: gid,
    seccompProfile: { type: "RuntimeDefault" },
  });
  expect(aicore().securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(POD.automountServiceAccountToken).toBe(false);
  expect(aicore().volumeMounts.map(({ mountPath }) => mountPath)).toEqual([
    finalOf("deploy/Dockerfile", "VOLUME"),
  ]);
  expect(aicore().volumeMounts.map(({ name }) => name)).toEqual(POD.volumes.map(({ name }) => name));
});

test("two replicas, and never fewer than one at an update or a drained node", () => {
  expect(DEPLOYMENT.spec).toMatchObject({
    replicas: 2,
    strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  });
  expect(objectIn(`${FOLDER}/disruption-budget.yaml`)).toMatchObject({
    spec: { minAvailable: 1, selector: { matchLabels: LABELS } },
  });
});

test("everything selects the pods of this Deployment", () => {
  expect(DEPLOYMENT.spec.selector.matchLabels).toEqual(LABELS);
  expect(DEPLOYMENT.spec.template.metadata.labels).toEqual(LABELS);
  expect(objectIn(`${FOLDER}/service.yaml`)).toMatchObject({ spec: { selector: LABELS } });
  expect(objectIn(`${FOLDER}/network-policy.yaml`)).toMatchObject({
    spec: { podSelector: { matchLabels: LABELS } },
  });
});

test("its arguments are those of a command, and open streams have the time that they are given", async () => {
  expect(await parse(aicore().args)).toBe(1);
  const drain = Number(aicore().args[aicore().args.indexOf("--drain") + 1]);
  const wait = Number(aicore().lifecycle.preStop.exec.command.at(-1));
  expect(POD.terminationGracePeriodSeconds).toBeGreaterThan(drain + wait);
});

test("probes call the port that it listens on, by the name of the port", () => {
  const [port] = aicore().ports;
  expect(port).toEqual({ name: "http", containerPort: Number(finalOf("deploy/Dockerfile", "EXPOSE")) });
  for (const probe of [aicore().startupProbe, aicore().livenessProbe])
    expect(probe?.httpGet).toEqual({ path: "/health", port: port?.name });
  expect(objectIn(`${FOLDER}/service.yaml`)).toMatchObject({
    spec: { ports: [{ port: port?.containerPort, targetPort: port?.name }] },
  });
});

test("what is secret comes from Secrets, and the template has them", () => {
  const secrets = documentsIn(`${FOLDER}/secret.example.yaml`).map(
    (document) => document.toJS() as Resource & { stringData: Record<string, string> },
  );
  const held = secrets.flatMap(({ metadata, stringData }) =>
    Object.keys(stringData).map((key) => `${metadata.name}/${key}`),
  );
  const wanted = aicore().env.map(({ name, valueFrom, value }) => {
    expect([name, value, valueFrom?.secretKeyRef.key]).toEqual([name, undefined, name]);
    return `${valueFrom?.secretKeyRef.name}/${name}`;
  });
  expect(wanted.sort()).toEqual(held.sort());
  expect(secrets.flatMap(({ stringData }) => Object.values(stringData)).join("")).toBe("");
});

test("Kyma: the rule leads to the Service, leaves the key to the proxy, and gives answers the time there is", () => {
  expect(objectIn("deploy/kyma/api-rule.yaml")).toMatchObject({
    apiVersion: "gateway.kyma-project.io/v2",
    kind: "APIRule",
    spec: {
      service: { name: "aicore", port: 6655 },
      timeout: 3900,
      rules: [{ path: "/*", noAuth: true, methods: ["GET", "HEAD", "POST", "DELETE"] }],
    },
  });
});

test("Kyma: the binding makes the Secret from which the Deployment takes the service key", () => {
  const wanted = aicore().env.find(({ name }) => name === "AICORE_SERVICE_KEY")?.valueFrom?.secretKeyRef;
  expect(objectIn("deploy/kyma/service-binding.yaml")).toMatchObject({
    spec: { secretName: wanted?.name, secretKey: wanted?.key },
  });
});
