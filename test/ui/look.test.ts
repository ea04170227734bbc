/** How the dashboard looks and is used: themes, contrast, a phone, a keyboard, a screen reader. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTeam, type Team } from "../support/team.ts";
import { CHROMIUM, type Chromium, startChromium } from "./chromium.ts";
import type { Page } from "./devtools.ts";
import { shown, signIn, visit } from "./visit.ts";

const STARTING = 120_000;
const LEAST_CONTRAST = 4.5;

describe.skipIf(!CHROMIUM)("the look (needs chromium on PATH)", { timeout: STARTING }, () => {
  let team: Team;
  let browser: Chromium;
  let page: Page;
  beforeAll(async () => {
    team = await startTeam();
    const ask = { model: "opus", max_tokens: 50, messages: [{ role: "user", content: "say hello" }] };
    expect((await team.post("/v1/messages", ask)).status).toBe(200);
    expect((await team.post("/v1/messages", { ...ask, model: "nobody" })).status).toBe(404);
    await team.stored(2);
    browser = await startChromium();
  }, STARTING);
  beforeEach(async () => {
    page = await signIn(browser, team.proxy.url, team.admin);
  }, STARTING);
  afterEach(() => page.close());
  afterAll(async () => {
    await browser?.close();
    await team?.close();
  }, STARTING);

  const prefer = (name: string, value: string) =>
    page.send("Emulation.setEmulatedMedia", { features: [{ name, value }] });
  const theme = () => page.run(`document.documentElement.dataset.theme`);

  test("follows the system's theme until one is chosen, which stays", async () => {
    await prefer("prefers-color-scheme", "light");
    await page.until(`document.documentElement.dataset.theme === "light"`);
    await prefer("prefers-color-scheme", "dark");
    await page.until(`document.documentElement.dataset.theme === "dark"`);
    await page.run(`document.getElementById("theme").click()`);
    expect(await theme()).toBe("light");
    await page.send("Page.reload");
    await shown(page);
    expect(await theme()).toBe("light");
    expect(page.problems).toEqual([]);
  });

  test.each(["light", "dark"])("every text can be read, %s", async (scheme) => {
    await prefer("prefers-color-scheme", scheme);
    await page.until(`document.documentElement.dataset.theme === "${scheme}"`);
    await page.until(`document.querySelector("#errors li")`);
    await page.until(`document.getAnimations().length === 0`);
    expect(await page.run<string[]>(`(${faintTexts})(${LEAST_CONTRAST})`)).toEqual([]);
    await page.run(`document.getElementById("sign-out").click()`);
    expect(await page.run<string[]>(`(${faintTexts})(${LEAST_CONTRAST})`)).toEqual([]);
  });

  test.each([320, 360, 768, 1440])("%d pixels are wide enough", async (width) => {
    await page.size(width, 740, { mobile: width < 500 });
    const overflow = () => page.run(`document.documentElement.scrollWidth - innerWidth`);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.run(`document.getElementById("sign-out").click()`);
    expect(await overflow()).toBeLessThanOrEqual(0);
  });

  test("can be used without a mouse", async () => {
    const focused = `(({ id, className, value }) => id || className || value || "")(document.activeElement)`;
    const seen: string[] = [];
    for (let step = 0; step < 9; step++) {
      await page.press("Tab");
      seen.push(await page.run(focused));
      // From the last one the focus goes through the browser's own bar.
      const isShown = `document.activeElement === document.body || document.activeElement.matches(":focus-visible")`;
      expect(await page.run(isShown)).toBe(true);
    }
    expect(seen).toEqual(
      expect.arrayContaining(["skip", "theme", "sign-out", "24h", "pause", "requests-frame requests"]),
    );
    await page.run(`document.querySelector('#range input[value="24h"]').focus()`);
    await page.press("ArrowRight");
    await page.until(`document.getElementById("shown").textContent === "in the last 7 days"`);
    await page.run(`document.getElementById("pause").focus()`);
    await page.press(" ");
    expect(await page.run(`document.getElementById("pause").getAttribute("aria-pressed")`)).toBe("true");
  });

  test("says to a screen reader what is where", async () => {
    const { nodes } = await page.send("Accessibility.getFullAXTree");
    const named = (nodes as { ignored: boolean; role?: { value: string }; name?: { value: string } }[])
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => `${role?.value} ${name?.value}`);
    expect(named).toEqual(
      expect.arrayContaining([
        "banner ",
        "main ",
        "radio the last 24 hours",
        "group Time range",
        "table The last requests, newest first",
        "region Last requests",
        "region By model",
        "region Targets",
        "columnheader Model",
      ]),
    );
    expect(named.filter((each) => /^(button|radio|textbox|table|image) (undefined)?$/.test(each))).toEqual(
      [],
    );
    expect(named.some((each) => /^image Bar chart: \S+ tokens in the last 24 hours$/.test(each))).toBe(true);
  });

  test("does not move for who wants no motion", async () => {
    await prefer("prefers-reduced-motion", "reduce");
    const moving = `[...document.querySelectorAll("*")].filter((each) => {
      const { transitionDuration, animationName } = getComputedStyle(each);
      return transitionDuration !== "0s" || animationName !== "none";
    }).length`;
    expect(await page.run(moving)).toBe(0);
  });

  test("the form is labelled, and its mistakes are told with it", async () => {
    const other = await visit(browser, team.proxy.url);
    await other.press("Enter");
    await other.until(`!document.getElementById("sign-in-error").hidden`);
    const field = `document.getElementById("key")`;
    expect(await other.run(`${field}.labels[0].textContent`)).toBe("Admin key");
    expect(await other.run(`[${field}.type, ${field}.getAttribute("aria-invalid"), ${field}.name]`)).toEqual([
      "password",
      "true",
      "",
    ]);
    expect(await other.run(`document.activeElement === ${field}`)).toBe(true);
    await other.close();
  });
});

/** Runs in the page: texts whose colour is too close to what they stand on, by WCAG's formula. */
const faintTexts = `function faintTexts(least) {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const [r, g, b] = channels(colour).map((each) => each / 255).map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const { backgroundColor } = getComputedStyle(each);
      if (channels(backgroundColor)[3] === 255) return backgroundColor;
    }
    return "white";
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility() && hasText(element))
    .filter((element) => {
      const [one, other] = [light(getComputedStyle(element).color), light(ground(element))];
      return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < least;
    })
    .map((element) => element.className + " " + element.textContent);
}`;
