/** As much of the DevTools protocol as the tests of the dashboard need. */
import { writeFileSync } from "node:fs";
import { WebSocket } from "undici";

type Params = Record<string, unknown>;
type Listener = (params: Params) => void;
type Send = (method: string, params?: Params) => Promise<Params>;

export interface Browser {
  send: Send;
  /** A page in a context of its own: no cookies or storage of another. */
  openPage(): Promise<Page>;
}

export interface Page {
  send: Send;
  /** Resolves when the page has loaded. */
  goto(url: string): Promise<void>;
  /** The value of an expression, which may be a promise; it must be JSON. */
  run<T>(expression: string): Promise<T>;
  /** Resolves once the expression is true in the page. */
  until(expression: string): Promise<void>;
  /** Types into the element that has the focus. */
  type(text: string): Promise<void>;
  press(key: "Enter" | "Tab" | "ArrowRight" | " "): Promise<void>;
  size(width: number, height: number, options?: { mobile?: boolean }): Promise<void>;
  screenshot(file: string): Promise<void>;
  /** Uncaught exceptions, errors on the console, breaches of the content security policy. */
  problems: string[];
  close(): Promise<void>;
}

/** Answers to commands find their promise by id, events their listeners by session. */
export async function connect(url: string): Promise<Browser> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("no DevTools connection"));
  });
  const waiting = new Map<number, { resolve: (result: Params) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, Listener>();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const { id, result, error, method, params, sessionId } = JSON.parse(String(data));
    if (id === undefined) listeners.get(`${sessionId} ${method}`)?.(params);
    else if (error) waiting.get(id)?.reject(new Error(error.message));
    else waiting.get(id)?.resolve(result);
    waiting.delete(id);
  };
  socket.onclose = () => {
    for (const { reject } of waiting.values()) reject(new Error("the browser is gone"));
  };
  const sender =
    (sessionId?: string): Send =>
    (method, params = {}) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        socket.send(JSON.stringify({ id: last, method, params, sessionId }));
      });
  const send = sender();
  return {
    send,
    async openPage() {
      const { browserContextId } = await send("Target.createBrowserContext");
      const { targetId } = await send("Target.createTarget", { url: "about:blank", browserContextId });
      const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
      const on = (method: string, listener: Listener) => listeners.set(`${sessionId} ${method}`, listener);
      const page = await pageOf(sender(String(sessionId)), on);
      return {
        ...page,
        close: async () => void (await send("Target.disposeBrowserContext", { browserContextId })),
      };
    },
  };
}

async function pageOf(
  send: Send,
  on: (method: string, listener: Listener) => void,
): Promise<Omit<Page, "close">> {
  const problems: string[] = [];
  on("Runtime.exceptionThrown", (params) => problems.push(JSON.stringify(params)));
  on("Log.entryAdded", ({ entry }) => {
    const { level, source, text, url } = entry as Record<string, string>;
    // A refused key is the page's to tell, and Chromium logs it all the same.
    if (level === "error" && source !== "network") problems.push(`${source}: ${text} ${url ?? ""}`);
  });
  let loaded = () => {};
  on("Page.loadEventFired", () => loaded());
  for (const domain of ["Page", "Runtime", "Log"]) await send(`${domain}.enable`);

  async function run<T>(expression: string): Promise<T> {
    const how = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await send("Runtime.evaluate", how);
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  }

  return {
    send,
    run,
    problems,
    async goto(url) {
      const load = new Promise<void>((resolve) => {
        loaded = resolve;
      });
      await send("Page.navigate", { url });
      await load;
    },
    async until(expression) {
      const check = `const check = () => (${expression}) ? resolve() : setTimeout(check, 20); check();`;
      await run(`new Promise((resolve) => { ${check} })`);
    },
    type: async (text) => void (await send("Input.insertText", { text })),
    async press(key) {
      const text = { Enter: "\r", " ": " ", Tab: "", ArrowRight: "" }[key];
      const code = { Enter: 13, " ": 32, Tab: 9, ArrowRight: 39 }[key];
      const event = { key, windowsVirtualKeyCode: code };
      await send("Input.dispatchKeyEvent", { type: "keyDown", ...event, ...(text && { text }) });
      await send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    },
    async size(width, height, { mobile = false } = {}) {
      const metrics = { width, height, mobile, deviceScaleFactor: mobile ? 2 : 1 };
      await send("Emulation.setDeviceMetricsOverride", metrics);
    },
    async screenshot(file) {
      const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: true });
      writeFileSync(file, Buffer.from(String(data), "base64"));
    },
  };
}
