import type { Browser, Page } from "./devtools.ts";

/** The page before anybody signed in, its form ready. */
export async function visit(browser: Browser, url: string): Promise<Page> {
  const page = await browser.openPage();
  await page.goto(`${url}/ui`);
  await page.until(`document.activeElement?.id === "key"`);
  return page;
}

export async function enter(page: Page, key: string): Promise<void> {
  await page.type(key);
  await page.press("Enter");
}

/** Over when the dashboard shows figures and hears of what happens. */
export async function shown(page: Page): Promise<void> {
  await page.until(`document.querySelector(".tile") && document.querySelector("#by-key > *")`);
  await page.until(`document.getElementById("connection").textContent === "Live"`);
}

export async function signIn(browser: Browser, url: string, key: string): Promise<Page> {
  const page = await visit(browser, url);
  await enter(page, key);
  await shown(page);
  return page;
}

/** What a user reads in an element. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.run(`document.querySelector(${JSON.stringify(selector)}).innerText`);
}
