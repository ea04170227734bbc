/** Names that want to be markup: of models, keys, tools, profiles (security T24). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RequestRow } from "../../src/database/schema.ts";
import { startTeam, type Team } from "../support/team.ts";
import { CHROMIUM, type Chromium, startChromium } from "./chromium.ts";
import { signIn } from "./visit.ts";

const STARTING = 120_000;
const ATTACKS = [
  `<img src=x onerror="globalThis.hacked=1">`,
  `"><script>globalThis.hacked=1</script>`,
  `'-globalThis.hacked=1-'`,
  `javascript:globalThis.hacked=1`,
  `</title></textarea><svg onload=globalThis.hacked=1>`,
  `\${globalThis.hacked=1}{{constructor.constructor('globalThis.hacked=1')()}}`,
  `<style>*{display:none}</style><a href=//evil.example>x</a>`,
  `\u202e\u0000<b>\r\n\r\ndata: {}`,
];

describe.skipIf(!CHROMIUM)("hostile names (needs chromium on PATH)", { timeout: STARTING }, () => {
  let team: Team;
  let browser: Chromium;
  beforeAll(async () => {
    team = await startTeam();
    browser = await startChromium();
  }, STARTING);
  afterAll(async () => {
    await browser?.close();
    await team?.close();
  }, STARTING);

  test("are text wherever they stand, and run nothing", async () => {
    for (const [at, attack] of ATTACKS.entries()) team.ledger.record(row(attack, at));
    await team.stored(ATTACKS.length);
    const page = await signIn(browser, team.proxy.url, team.admin);
    await page.until(`document.querySelectorAll("#requests tbody tr").length === ${ATTACKS.length}`);
    await page.until(`document.querySelectorAll("#errors li").length > 0`);
    for (const place of ["#requests", "#by-model", "#by-key", "#errors"]) {
      const text = await page.run<string>(`document.querySelector("${place}").textContent`);
      expect(ATTACKS.slice(0, 7).filter((attack) => !text.includes(attack))).toEqual([]);
    }
    const foreign = `main :is(img, script, style, svg, a, b, iframe, [onerror], [onload], [href], [src])`;
    expect(await page.run(`document.querySelectorAll("${foreign}").length`)).toBe(0);
    expect(await page.run(`typeof globalThis.hacked`)).toBe("undefined");
    expect(page.problems).toEqual([]);
    await page.close();
  });

  test("of a tool arrive as text too, live, through the door", async () => {
    const page = await signIn(browser, team.proxy.url, team.admin);
    const key = await team.newKey({ name: `<img src=x onerror="globalThis.hacked=2">` });
    const answer = await team.post(
      "/v1/messages",
      { model: "opus", max_tokens: 50, messages: [{ role: "user", content: "say hello" }] },
      { "x-api-key": key, "user-agent": `"><script>globalThis.hacked=3</script>` },
    );
    expect(answer.status).toBe(200);
    const id = answer.headers.get("x-request-id");
    await page.until(`document.querySelector('#requests tr[data-id="${id}"]')`);
    const line = await page.run<string>(
      `document.querySelector('#requests tr[data-id="${id}"]').textContent`,
    );
    expect(line).toContain(`<img src=x onerror="globalThis.hacked=2">`);
    expect(await page.run(`typeof globalThis.hacked`)).toBe("undefined");
    expect(page.problems).toEqual([]);
    await page.close();
  });

  test("would not run even as markup: the policy stops them, and tells", async () => {
    const page = await signIn(browser, team.proxy.url, team.admin);
    await page.run(
      `document.querySelector("main").insertAdjacentHTML("beforeend", ${JSON.stringify(ATTACKS[0])})`,
    );
    await page.until(`document.querySelector('main img[src="x"]')?.complete`);
    const evaluated = await page.run<string>(
      `new Promise((resolve) => {
        const script = document.createElement("script");
        script.textContent = "globalThis.hacked = 4";
        document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => resolve(effectiveDirective));
        document.body.append(script);
      })`,
    );
    expect(evaluated).toContain("script-src");
    expect(page.problems.join("\n")).toContain("Content Security Policy");
    expect(await page.run(`typeof globalThis.hacked`)).toBe("undefined");
    await page.close();
  });
});

function row(name: string, at: number): RequestRow {
  const now = Date.now() - at * 1_000;
  return {
    id: `req_${at}`,
    at: now,
    day: new Date(now).toISOString().slice(0, 10),
    key_id: "key_hostile",
    key_name: name,
    profile: name,
    tool: name,
    session: name,
    dialect: "anthropic",
    requested: name,
    model: name,
    deployment: name,
    streamed: 0,
    outcome: "failed",
    status: 500,
    attempts: 1,
    first_byte: 1,
    took: 1,
    input_tokens: 10,
    cache_read_tokens: 0,
    cache_write_5m_tokens: 0,
    cache_write_1h_tokens: 0,
    output_tokens: 1,
    reasoning_tokens: 0,
    usage_source: "reported",
    capacity_units: null,
  };
}
