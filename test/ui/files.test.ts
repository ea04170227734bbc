/** What is served at /ui: names from a list, strict headers, nothing inline (security T15, T24). */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UI_PATHS } from "../../src/proxy/ui/files.ts";
import { head, raw } from "../support/raw.ts";
import { type Stack, startStack } from "../support/stack.ts";

const ASSETS = resolve(import.meta.dirname, "../../src/proxy/ui/assets");
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const NO_KEY = { "x-api-key": undefined };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

test.each(UI_PATHS)("%s is served without a key, as what it is", async (path) => {
  const answer = await stack.get(path, NO_KEY);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-security-policy")).toBe(POLICY);
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(answer.headers.get("cache-control")).toBe("no-cache");
  const ending = path === "/ui" ? "html" : path.slice(path.lastIndexOf(".") + 1);
  const types = { html: "text/html", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };
  expect(answer.headers.get("content-type")).toContain(types[ending as keyof typeof types]);
  expect((await answer.arrayBuffer()).byteLength).toBe(Number(answer.headers.get("content-length")));

  const again = await stack.get(path, { ...NO_KEY, "if-none-match": answer.headers.get("etag") ?? "" });
  expect([again.status, await again.text()]).toEqual([304, ""]);
});

test.each([
  ["/ui/nothing.js", 401],
  ["/ui/files.ts", 401],
  ["/ui/index.html", 401],
  ["/ui/assets/app.js", 401],
  ["/ui/../package.json", 400],
  ["/ui/%2e%2e/package.json", 400],
  ["/ui/..%2fpackage.json", 400],
  ["/ui//app.js", 400],
  ["/uix", 401],
])("%s is no file of the dashboard", async (path, status) => {
  const answer = await raw(stack.proxy.port, head(stack.proxy.port, `GET ${path} HTTP/1.1`));
  expect(answer.status).toBe(status);
});

test("a slash at the end leads to the page, also below a prefix", async () => {
  for (const prefix of ["", "/openai"]) {
    const answer = await fetch(`${stack.proxy.url}${prefix}/ui/`);
    expect([answer.status, answer.url]).toEqual([200, `${stack.proxy.url}${prefix}/ui`]);
  }
});

test("only reading is allowed", async () => {
  const answer = await stack.post("/ui/app.js", {});
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});

test("the list holds every file of the folder, and the page names them all", () => {
  const listed = UI_PATHS.map((path) => path.replace("/ui/", "")).filter((name) => !name.startsWith("uPlot"));
  expect(listed.toSorted()).toEqual(
    ["/ui", ...readdirSync(ASSETS).filter((name) => name !== "index.html")].toSorted(),
  );
  const named = [...read("index.html").matchAll(/(?:href|src)="(ui\/[^"]+)"/g)].map(([, name]) => `/${name}`);
  expect(named.filter((name) => !UI_PATHS.includes(name))).toEqual([]);
});

test("nothing is inline, nothing is from elsewhere, no data becomes markup", () => {
  expect(read("index.html")).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|https?:\/\//);
  const scripts = readdirSync(ASSETS).filter((name) => name.endsWith(".js"));
  const suspects = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?:\/\//;
  expect(scripts.filter((name) => suspects.test(read(name)))).toEqual([]);
});

function read(name: string): string {
  return readFileSync(join(ASSETS, name), "utf8");
}
