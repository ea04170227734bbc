/** `aicore serve --tls-cert --tls-key`: the files, the address, and what a tool needs to trust it. */
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { pem } from "../aicore/servers.ts";
import { firstLine, temporaryFolder } from "../cli/run.ts";
import { loggedInWorld, newWorld, type World } from "../commands/world.ts";

/** The fixtures as a user's files. */
function files(cert = "server", key = `${cert}-key`) {
  const folder = temporaryFolder();
  const place = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  return { cert: place("cert.pem", pem(cert)), key: place("key.pem", pem(key)), place };
}

async function serving(world: World, { cert, key }: { cert: string; key: string }) {
  const child = world.start(`serve --json --port 0 --tls-cert ${cert} --tls-key ${key}`);
  const ready = JSON.parse(await firstLine(child)) as { url: string; port: number };
  return { child, ...ready };
}

const shown = async (world: World, env: NodeJS.ProcessEnv = {}) => {
  const { code, stdout, stderr } = await world.run("env --shell json", { env });
  expect(code, stderr).toBe(0);
  return { variables: JSON.parse(stdout) as Record<string, string>, stderr };
};

/** What another Node program gets that has these variables and no more. */
function otherProgram(env: NodeJS.ProcessEnv): Promise<string> {
  const script = `fetch(process.env.ANTHROPIC_BASE_URL + "/v1/models", {
    headers: { authorization: "Bearer " + process.env.ANTHROPIC_AUTH_TOKEN },
  }).then((answer) => console.log(answer.status), (error) => console.log(error.cause.code));`;
  const child = spawn(process.execPath, ["-e", script], { env, stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return firstLine(Object.assign(child, { stdout: child.stdout.setEncoding("utf8") }));
}

test("a self-signed certificate: https, and env gives a tool all that it needs to trust it", async () => {
  const world = await loggedInWorld();
  const pair = files();
  const { url, port, child } = await serving(world, pair);
  expect(url).toBe(`https://127.0.0.1:${port}`);

  const { variables } = await shown(world);
  expect(variables).toMatchObject({ ANTHROPIC_BASE_URL: url, NODE_EXTRA_CA_CERTS: pair.cert });
  expect(variables.ANTHROPIC_DEFAULT_OPUS_MODEL).toBeDefined();
  expect(await otherProgram(variables)).toBe("200");
  const { NODE_EXTRA_CA_CERTS: _, ...without } = variables;
  expect(await otherProgram(without)).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY/);

  expect((await world.run("status")).stdout).toContain(`${url} (pid ${child.pid})`);
  const again = await world.run(`serve --port ${port}`);
  expect(again).toMatchObject({ code: 6, stderr: expect.stringContaining("aicore is already running on") });
  child.kill("SIGTERM");
  expect(await child.result).toMatchObject({ code: 0, stderr: "" });
  expect((await world.run("env")).code).toBe(3);
});

test("a certificate of an authority: env leaves the authority to the user, and asks the proxy all the same", async () => {
  const world = await loggedInWorld();
  const pair = files("local", "leaf-key");
  const { url, port } = await serving(world, pair);
  expect(url).toBe(`https://localhost:${port}`);
  const { variables, stderr } = await shown(world);
  expect(variables.ANTHROPIC_BASE_URL).toBe(url);
  expect([variables.NODE_EXTRA_CA_CERTS, stderr]).toEqual([undefined, ""]);
  expect(await otherProgram({ ...variables, NODE_EXTRA_CA_CERTS: pair.place("ca.pem", pem("ca")) })).toBe(
    "200",
  );
});

test("another proxy's certificate at the same address is no proxy of ours", async () => {
  const world = await loggedInWorld();
  const pair = files();
  await serving(world, pair);
  pair.place("cert.pem", pem("client"));
  expect(await world.run("env")).toMatchObject({
    code: 5,
    stderr: expect.stringContaining("No aicore proxy answers at https://127.0.0.1"),
  });
});

test("a user's own NODE_EXTRA_CA_CERTS stays; env says when it does not hold the certificate", async () => {
  const world = await loggedInWorld();
  const pair = files();
  await serving(world, pair);
  const company = pair.place("company.pem", pem("ca"));
  const without = await shown(world, { NODE_EXTRA_CA_CERTS: company });
  expect(without.variables.NODE_EXTRA_CA_CERTS).toBe(undefined);
  const both = pair.place("both.pem", `${pem("ca")}${pem("server")}`);
  const within = await shown(world, { NODE_EXTRA_CA_CERTS: both });
  expect(within.variables.NODE_EXTRA_CA_CERTS).toBe(both);
  const { stderr } = await world.run("env --shell bash", { env: { NODE_EXTRA_CA_CERTS: company } });
  expect(stderr).toContain(`Warning: NODE_EXTRA_CA_CERTS is ${company}: the tool will refuse the proxy`);
});

describe("what is wrong with the files is said before anybody looks for credentials", () => {
  const encrypted = () =>
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "x",
    }) as string;

  test.each<[name: string, options: (pair: ReturnType<typeof files>) => string, code: number, says: RegExp]>([
    [
      "no key",
      ({ cert }) => `--tls-cert ${cert}`,
      2,
      /--tls-cert and --tls-key go together\.\nAdd --tls-key <file>\./,
    ],
    ["no certificate", ({ key }) => `--tls-key ${key}`, 2, /go together\.\nAdd --tls-cert <file>\./],
    [
      "a missing file",
      ({ key }) => `--tls-cert none.pem --tls-key ${key}`,
      3,
      /--tls-cert: cannot read none\.pem: not found\.\nBoth files are PEM/,
    ],
    [
      "a folder",
      ({ cert }) => `--tls-cert ${cert} --tls-key .`,
      3,
      /--tls-key: cannot read \.: it is a folder\./,
    ],
    [
      "the two exchanged",
      ({ cert, key }) => `--tls-cert ${key} --tls-key ${cert}`,
      3,
      /--tls-cert: \S+ holds no PEM certificate\./,
    ],
    [
      "a certificate for a key",
      ({ cert }) => `--tls-cert ${cert} --tls-key ${cert}`,
      3,
      /--tls-key: \S+ holds no PEM private key\./,
    ],
    [
      "another key",
      ({ cert, place }) => `--tls-cert ${cert} --tls-key ${place("other.pem", pem("client-key"))}`,
      3,
      /--tls-key: \S+other\.pem is not the key of the certificate in \S+cert\.pem\./,
    ],
    [
      "an encrypted key",
      ({ cert, place }) => `--tls-cert ${cert} --tls-key ${place("secret.pem", encrypted())}`,
      3,
      /secret\.pem is encrypted with a passphrase\.\nMake one without: openssl pkey -in /,
    ],
  ])("%s", async (_name, options, code, says) => {
    const world = await newWorld();
    const ran = await world.run(`serve --port 0 ${options(files())}`);
    expect(ran.stderr).toMatch(says);
    expect(ran).toMatchObject({ code, stdout: "" });
  });
});

describe("what will go wrong later is warned of", () => {
  test.each<[name: string, pair: () => { cert: string; key: string }, says: RegExp]>([
    [
      "an expired certificate",
      () => files("expired"),
      /^Warning: \S+cert\.pem expired on Jan +2 00:00:00 2020 GMT: clients will refuse it\./,
    ],
    [
      "one for another name",
      () => files("elsewhere", "leaf-key"),
      /^Warning: \S+cert\.pem is not for 127\.0\.0\.1: clients will refuse it\./,
    ],
  ])("%s", async (_name, pair, says) => {
    const world = await newWorld();
    world.env.AICORE_LOG_FORMAT = "text";
    const { cert, key } = pair();
    expect((await world.run(`serve --port 0 --tls-cert ${cert} --tls-key ${key}`)).stderr).toMatch(says);
  });

  test.skipIf(process.platform === "win32")("a key that others can read", async () => {
    const world = await newWorld();
    world.env.AICORE_LOG_FORMAT = "text";
    const { cert, key } = files();
    chmodSync(key, 0o640);
    const { stderr } = await world.run(`serve --port 0 --tls-cert ${cert} --tls-key ${key}`);
    expect(stderr).toMatch(/^Warning: (\S+key\.pem) is readable by others: chmod 600 \1\n/);
  });
});
