/** What an administrator does with the dashboard, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type BoundPort, bindPort } from "../../src/proxy/port.ts";
import { KEY } from "../support/stack.ts";
import { startTeam, type Team } from "../support/team.ts";
import { CHROMIUM, type Chromium, startChromium } from "./chromium.ts";
import type { Page } from "./devtools.ts";
import { enter, shown, signIn, textOf, visit } from "./visit.ts";

const STARTING = 120_000;

describe.skipIf(!CHROMIUM)("the dashboard (needs chromium on PATH)", { timeout: STARTING }, () => {
  let team: Team;
  let bound: BoundPort;
  let browser: Chromium;
  let page: Page;
  beforeAll(async () => {
    bound = await bindPort({ port: 0 });
    team = await startTeam({ proxy: { port: bound } });
    expect((await team.get("/v1/models")).status).toBe(200);
    browser = await startChromium();
  }, STARTING);
  afterEach(() => page.close());
  afterAll(async () => {
    await browser?.close();
    await team?.close();
  }, STARTING);

  const ask = (text: string, headers: Record<string, string> = {}) =>
    team.post("/v1/messages", message(text), headers);
  const rows = () => page.run<number>(`document.querySelectorAll("#requests tbody tr").length`);
  const error = () => textOf(page, "#sign-in-error");

  test("says what to do where nothing was used yet", async () => {
    page = await signIn(browser, team.proxy.url, team.admin);
    expect(await textOf(page, "#requests")).toContain("aicore claude");
    expect(await textOf(page, "#tokens-chart")).toContain("Nothing used in the last 24 hours");
    expect(await textOf(page, "#errors")).toContain("No errors");
    expect(await textOf(page, "#targets")).toContain("Healthy");
    expect(page.problems).toEqual([]);
  });

  test("tells a wrong key, a key that is none, and one that is no admin's", async () => {
    page = await visit(browser, team.proxy.url);
    await enter(page, "");
    await page.until(`document.getElementById("sign-in-error").textContent.includes("Enter an admin key")`);
    await enter(page, "schlüssel");
    await page.until(`document.getElementById("sign-in-error").textContent.includes("no spaces")`);
    await enter(page, "aic_wrong");
    await page.until(`document.getElementById("sign-in-error").textContent.includes("not known")`);
    await enter(page, KEY);
    await page.until(`document.getElementById("sign-in-error").textContent.includes("only an admin key")`);
    expect(await error()).toContain("Make one with the command below");
    expect(await textOf(page, "#sign-in-help")).toContain("aicore keys create --admin --name me");
    expect(await page.run(`document.getElementById("dashboard").hidden && sessionStorage.length === 0`)).toBe(
      true,
    );
    await enter(page, team.admin);
    await shown(page);
  });

  test("shows a request a moment after it ended, without a reload", async () => {
    page = await signIn(browser, team.proxy.url, team.admin);
    await page.run(`globalThis.sameDocument = true`);
    const before = await rows();
    const answer = await ask("say hello", { "user-agent": "claude-cli/2.1.0 (external, cli)" });
    expect(answer.status).toBe(200);
    const id = answer.headers.get("x-request-id");
    await page.until(`document.querySelector('#requests tr[data-id="${id}"]')`);
    const line = await textOf(page, `#requests tr[data-id="${id}"]`);
    expect(line).toMatch(/claude/);
    expect(line).toContain("local · claude-code");
    expect(line).toContain("200");
    expect(await rows()).toBe(before + 1);
    await page.until(`document.querySelector(".tile .figure").textContent !== "0"`);
    await page.until(`document.querySelector("#by-key .label")?.textContent === "local"`);
    await page.until(`document.querySelector("#cost-chart canvas")`);
    expect(await page.run(`globalThis.sameDocument`)).toBe(true);
    expect(page.problems).toEqual([]);
  });

  test("lists what failed, with what it means", async () => {
    page = await signIn(browser, team.proxy.url, team.admin);
    const refused = await team.post("/v1/messages", { ...message("hello"), model: "nobody-has-this" });
    expect(refused.status).toBe(404);
    await page.until(`document.querySelector("#errors li")`);
    expect(await textOf(page, "#errors")).toContain("aicore models list");
  });

  test("keeps still while paused and catches up after", async () => {
    page = await signIn(browser, team.proxy.url, team.admin);
    await page.run(`document.getElementById("pause").click()`);
    const before = await rows();
    await ask("say one");
    await ask("say two");
    await page.until(`document.getElementById("pause").textContent === "Resume (2 new)"`);
    expect(await rows()).toBe(before);
    expect(await textOf(page, "#connection")).toBe("Paused");
    await page.run(`document.getElementById("pause").click()`);
    expect(await rows()).toBe(before + 2);
  });

  test("comes back by itself after the connection broke, with what it missed", async () => {
    page = await signIn(browser, team.proxy.url, team.admin);
    bound.server.closeAllConnections();
    await page.until(`document.getElementById("connection").textContent.startsWith("Reconnecting")`);
    const answer = await ask("say missed");
    await page.until(`document.getElementById("connection").textContent === "Live"`);
    await page.until(
      `document.querySelector('#requests tr[data-id="${answer.headers.get("x-request-id")}"]')`,
    );
  });

  test.each(["1h", "7d", "30d"])("shows the range %s", async (range) => {
    await ask("say hello");
    await team.stored(1);
    page = await signIn(browser, team.proxy.url, team.admin);
    await page.run(`document.querySelector('#range input[value="${range}"]').click()`);
    const words = { "1h": "hour", "7d": "7 days", "30d": "30 days" }[range];
    await page.until(`document.getElementById("shown").textContent === "in the last ${words}"`);
    expect(await page.run(`document.querySelector(".tile .figure").textContent`)).not.toBe("0");
    expect(await page.run(`Boolean(document.querySelector("#tokens-chart canvas"))`)).toBe(true);
    expect(page.problems).toEqual([]);
  });

  test("keeps the key in this tab alone: not in the address, the history, a cookie or another tab", async () => {
    page = await signIn(browser, team.proxy.url, team.admin);
    const places = await page.run<string>(
      `JSON.stringify([location.href, history.length, history.state, document.cookie, { ...localStorage },
        document.documentElement.outerHTML, performance.getEntriesByType("resource").map(({ name }) => name)])`,
    );
    expect(places).toContain(`${team.proxy.url}/ui`);
    expect(places).not.toContain(team.admin);
    const { entries } = await page.send("Page.getNavigationHistory");
    expect(JSON.stringify(entries)).not.toContain(team.admin);
    expect(team.logged.join("\n")).not.toContain(team.admin);

    await page.send("Page.reload");
    await shown(page);
    await page.run(`document.getElementById("sign-out").click()`);
    await page.until(`!document.getElementById("sign-in").hidden`);
    expect(await page.run(`sessionStorage.getItem("aicore-admin-key")`)).toBeNull();
    expect(await textOf(page, "main")).not.toContain("local");
  });

  test("asks again for a key when it was revoked meanwhile", async () => {
    const key = await team.newKey({ name: "leaver", role: "admin" });
    page = await signIn(browser, team.proxy.url, key);
    await team.manage("DELETE", "/admin/keys/leaver");
    await page.until(`!document.getElementById("sign-in").hidden`);
    expect(await error()).not.toBe("");
    expect(await page.run(`sessionStorage.getItem("aicore-admin-key")`)).toBeNull();
  });
});

function message(text: string) {
  return { model: "opus", max_tokens: 100, messages: [{ role: "user", content: text }] };
}
