import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { serviceEnvironment, withoutSecrets } from "../../src/service/environment.ts";
import { servicePlan } from "../../src/service/plan.ts";
import type { ServicePlan, ServiceProgram } from "../../src/service/program.ts";

const PROGRAM: ServiceProgram = {
  node: "/usr/bin/node",
  script: "/opt/aicore/bin/aicore.js",
  args: ["serve", "--log-file", "/home/u/.local/state/aicore/serve.log"],
  environment: { AICORE_CLI_HOME: "/home/u/x" },
  logFile: "/home/u/.local/state/aicore/serve.log",
};
/** What each format could stumble over. */
const NASTY: ServiceProgram = {
  ...PROGRAM,
  node: '/opt/my "node" 100%/$HOME/node',
  args: ["serve", "--resource-group", "a&b<c>", "back\\slash\\"],
  environment: { NO_PROXY: 'a "b" $c %d & <e>' },
};
const PATHS = { config: "/c", state: "C:\\Users\\u\\AppData\\Local\\aicore", cache: "/k" };

function planOn(platform: NodeJS.Platform, program = PROGRAM): ServicePlan {
  const env = { HOME: "/home/u", USERDOMAIN: "CORP", USERNAME: "u" };
  const plan = servicePlan(program, { platform, env, paths: PATHS, uid: 501 });
  if (!plan) throw new Error(`no plan for ${platform}`);
  return plan;
}

describe("systemd", () => {
  test("is a user unit that starts with the session and again after a crash", () => {
    const plan = planOn("linux");
    expect(plan.path).toBe("/home/u/.config/systemd/user/aicore.service");
    expect(plan.text).toBe(`[Unit]
Description=aicore: the models of SAP AI Core for the AI tools of this user

[Service]
ExecStart="/usr/bin/node" "/opt/aicore/bin/aicore.js" "serve" "--log-file" "/home/u/.local/state/aicore/serve.log"
Environment="AICORE_CLI_HOME=/home/u/x"
StandardOutput=append:/home/u/.local/state/aicore/serve.log
StandardError=append:/home/u/.local/state/aicore/serve.log
UMask=0077
Restart=on-failure
RestartSec=5
RestartPreventExitStatus=2 3 4 6 7
TimeoutStopSec=20

[Install]
WantedBy=default.target
`);
    expect(plan.install.map((words) => words.join(" "))).toEqual([
      "systemctl --user daemon-reload",
      "systemctl --user enable aicore.service",
      "systemctl --user restart aicore.service",
    ]);
  });

  test("quotes what systemd would expand", () => {
    const { text } = planOn("linux", NASTY);
    expect(text).toContain('ExecStart="/opt/my \\"node\\" 100%%/$$HOME/node" ');
    expect(text).toContain('"a&b<c>" "back\\\\slash\\\\"\n');
    expect(text).toContain('Environment="NO_PROXY=a \\"b\\" $c %%d & <e>"\n');
  });

  const hasVerifier =
    process.platform === "linux" && spawnSync("systemd-analyze", ["--version"]).status === 0;
  test.skipIf(!hasVerifier)("systemd finds no fault with it", () => {
    const folder = mkdtempSync(join(tmpdir(), "aicore-unit-"));
    const path = join(folder, "aicore.service");
    writeFileSync(path, planOn("linux", { ...PROGRAM, node: process.execPath }).text);
    const { stderr, status } = spawnSync("systemd-analyze", ["verify", "--man=no", path], {
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    expect({ status, told: stderr.split("\n").filter((line) => line.includes("aicore.service")) }).toEqual({
      status: 0,
      told: [],
    });
  });
});

describe("launchd", () => {
  test("is an agent of the user that is started again after a crash and not after a stop", () => {
    const plan = planOn("darwin");
    expect(plan.path).toBe("/home/u/Library/LaunchAgents/aicore.serve.plist");
    expect(plan.text).toContain(`  <key>ProgramArguments</key>
  <array>
    <string>/usr/bin/node</string>
    <string>/opt/aicore/bin/aicore.js</string>
    <string>serve</string>
    <string>--log-file</string>
    <string>/home/u/.local/state/aicore/serve.log</string>
  </array>
  <key>EnvironmentVariables</key>
  <dict>
    <key>AICORE_CLI_HOME</key>
    <string>/home/u/x</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>`);
    expect(plan.install).toEqual([["launchctl", "bootstrap", "gui/501", plan.path]]);
    expect(plan.uninstall).toEqual([["launchctl", "bootout", "gui/501/aicore.serve"]]);
  });
});

describe("Windows", () => {
  test("is a task at logon without a window, in UTF-16 with its mark", () => {
    const plan = planOn("win32");
    expect(plan).toMatchObject({
      path: "C:\\Users\\u\\AppData\\Local\\aicore\\aicore-task.xml",
      encoding: "utf16le",
      install: [
        ["schtasks", "/Create", "/TN", "aicore", "/XML", plan.path, "/F"],
        ["schtasks", "/Run", "/TN", "aicore"],
      ],
    });
    expect(plan.text).toMatch(/^\ufeff<\?xml version="1\.0" encoding="UTF-16"\?>\n/);
    expect(plan.text.match(/<UserId>CORP\\u<\/UserId>/g)).toHaveLength(2);
    expect(plan.text).toContain("<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>");
    expect(plan.text).toContain("<Command>conhost.exe</Command>");
  });

  test("quotes words as Windows programs read them", () => {
    const spaced = { ...PROGRAM, node: "C:\\Program Files\\node.exe", args: ['a "b"', "end of path\\"] };
    expect(planOn("win32", spaced).text).toContain(
      "<Arguments>--headless &quot;C:\\Program Files\\node.exe&quot; /opt/aicore/bin/aicore.js " +
        "&quot;a \\&quot;b\\&quot;&quot; &quot;end of path\\\\&quot;</Arguments>",
    );
  });
});

test.each(["darwin", "win32"] as const)("on %s every text is safe in XML", (platform) => {
  const { text } = planOn(platform, NASTY);
  expect(text).toContain("a&amp;b&lt;c&gt;");
  expect(text.replace(/&(amp|lt|gt|quot);/g, "")).not.toContain("&");
  const tags = [...text.matchAll(/<(\/?)([A-Za-z]+)[^>]*?(\/?)>/g)].filter(([, , , empty]) => !empty);
  const open: string[] = [];
  for (const [, closing, name = ""] of tags) {
    if (closing) expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
});

test("another system has no plan", () => {
  const system = { platform: "freebsd" as const, env: { HOME: "/h" }, paths: PATHS, uid: 1 };
  expect(servicePlan(PROGRAM, system)).toBeUndefined();
});

test("no secret comes into a service's description", () => {
  const env = {
    AICORE_SERVICE_KEY: "{}",
    AICORE_CLIENT_SECRET: "s3cr3t",
    AICORE_API_KEYS: "k",
    VCAP_SERVICES: "{}",
    HTTPS_PROXY: "http://user:pass@proxy:8080",
    HTTP_PROXY: "http://proxy:8080",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
    AICORE_PASSPHRASE_FILE: "/p",
    AICORE_PORT: "",
    EDITOR: "vi",
  };
  expect(serviceEnvironment(env)).toEqual({
    environment: {
      HTTP_PROXY: "http://proxy:8080",
      NODE_EXTRA_CA_CERTS: "/ca.pem",
      AICORE_PASSPHRASE_FILE: "/p",
    },
    leftOut: [
      "AICORE_SERVICE_KEY",
      "AICORE_CLIENT_SECRET",
      "AICORE_API_KEYS",
      "VCAP_SERVICES",
      "HTTPS_PROXY",
    ],
  });
  expect(Object.keys(withoutSecrets(env))).not.toContain("AICORE_CLIENT_SECRET");
});
