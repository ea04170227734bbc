import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../cli/run.ts";
import { newWorld, type World } from "./world.ts";

/** Notes what it is asked for; `is-active` and whatever $FAKE_FAILS names fail. */
const SYSTEMCTL = `#!/bin/sh
echo "$@" >> "$FAKE_LOG"
case "$*" in *"$FAKE_FAILS"*) echo "Failed to connect to bus" >&2; exit 1;; esac
`;

async function userWithSystemd(fails = "nothing at all"): Promise<World & { asked(): string[] }> {
  const world = await newWorld();
  const bin = temporaryFolder();
  const log = join(bin, "log");
  writeFileSync(log, "");
  writeFileSync(join(bin, "systemctl"), SYSTEMCTL);
  chmodSync(join(bin, "systemctl"), 0o755);
  Object.assign(world.env, {
    PATH: `${bin}${delimiter}${dirname(process.execPath)}${delimiter}/usr/bin${delimiter}/bin`,
    FAKE_LOG: log,
    FAKE_FAILS: fails,
    AICORE_CLI_HOME: world.home,
  });
  await world.run(`login ${world.keyFile} --insecure-storage --no-verify`);
  return { ...world, asked: () => readFileSync(log, "utf8").trim().split("\n").filter(Boolean) };
}

const unitOf = (world: World) => join(String(world.env.HOME), ".config/systemd/user/aicore.service");

describe.skipIf(process.platform !== "linux")("aicore service", () => {
  test("install writes a unit without secrets and starts it; uninstall takes it away", async () => {
    const world = await userWithSystemd();
    world.env.AICORE_API_KEYS = "k-secret";
    const { code, stdout, stderr } = await world.run("service install --port 7001");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `Installed: ${unitOf(world)}\n` });
    expect(stderr).toContain("Warning: The service will not have AICORE_API_KEYS");
    const unit = readFileSync(unitOf(world), "utf8");
    expect(unit).toContain(`ExecStart="${process.execPath}" "`);
    expect(unit).toMatch(/bin\/aicore\.js" "serve" "--port" "7001" "--log-file" "\/.*serve\.log"\n/);
    expect(unit).toContain(`Environment="AICORE_CLI_HOME=${world.home}"`);
    for (const secret of ["k-secret", String(world.sandbox.serviceKey.clientsecret)])
      expect(unit).not.toContain(secret);
    expect(statSync(join(world.home, "state", "serve.log")).mode & 0o777).toBe(0o600);
    expect(world.asked()).toEqual([
      "--user daemon-reload",
      "--user enable aicore.service",
      "--user restart aicore.service",
    ]);
    expect(JSON.parse((await world.run("service --json")).stdout)).toMatchObject({
      installed: true,
      running: true,
    });
    expect(await world.run("service uninstall")).toMatchObject({
      code: 0,
      stdout: `Removed: ${unitOf(world)}\n`,
    });
    expect(existsSync(unitOf(world))).toBe(false);
    expect(world.asked().slice(-2)).toEqual(["--user disable --now aicore.service", "--user daemon-reload"]);
    expect((await world.run("service status")).stdout).toMatch(/^Not installed\./);
    expect(await world.run("service uninstall")).toMatchObject({
      code: 0,
      stderr: "No service is installed.\n",
    });
  });

  test("--dry-run prints it and changes nothing", async () => {
    const world = await userWithSystemd();
    const { code, stdout, stderr } = await world.run("--profile default service install --dry-run");
    expect(stdout).toMatch(/^\[Unit\]\n[\s\S]*"--profile" "default" "serve"/);
    expect(stderr).toContain("systemctl --user enable aicore.service");
    expect({ code, written: existsSync(unitOf(world)), asked: world.asked() }).toEqual({
      code: 0,
      written: false,
      asked: [],
    });
  });

  test("a service manager that refuses is told in its words", async () => {
    const world = await userWithSystemd("daemon-reload");
    const { code, stderr } = await world.run("service install");
    expect(stderr).toMatch(/^Error: systemctl --user daemon-reload failed: Failed to connect to bus\n/);
    expect(code).toBe(1);
  });

  test("without one the unit is written and the lack is told", async () => {
    const world = await userWithSystemd();
    world.env.PATH = temporaryFolder();
    const { code, stderr } = await world.run("service install");
    expect(stderr).toContain(
      "Warning: systemctl is not on this machine: the description is written, nothing runs.",
    );
    expect({ code, written: existsSync(unitOf(world)) }).toEqual({ code: 0, written: true });
  });

  test("credentials of this terminal alone are no credentials for a service", async () => {
    const world = await newWorld();
    world.env.AICORE_SERVICE_KEY = JSON.stringify(world.sandbox.serviceKey);
    const { code, stderr } = await world.run("service install --dry-run");
    expect(stderr).toMatch(/^Error: A service sees no credentials.*\nStore them first: aicore login/);
    expect(code).toBe(4);
  });

  test("a bad port is a usage error", async () => {
    const world = await userWithSystemd();
    expect(await world.run("service install --port x")).toMatchObject({ code: 2 });
  });
});
