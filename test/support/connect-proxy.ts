/** A corporate proxy on loopback, which does what a test tells it to; closed at the test's end. */
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { listen, pem } from "../aicore/servers.ts";

/** What it does with a CONNECT. */
type Manner =
  /** Tunnels to this port on loopback, whatever was asked for. */
  | { tunnel: number }
  | { refuse: number; headers?: string[] }
  /** Writes this and nothing else; an empty text closes the connection. */
  | { say: string }
  | "silence";

export interface ConnectProxy {
  port: number;
  /** May be changed at any time. */
  manner: Manner;
  /** The target of every CONNECT. */
  asked: string[];
  /** Their `proxy-authorization`. */
  credentials: (string | undefined)[];
  /** Connections that were made to it. */
  connections: number;
  /** Its URL, with `user:password` in it if given. */
  url(credentials?: string): string;
  /** Cuts every open tunnel; resolves when both ends know. */
  cut(): Promise<void>;
}

/** @param certificate the fixture of test/aicore with which it speaks TLS itself */
export async function connectProxy(manner: Manner, certificate?: string): Promise<ConnectProxy> {
  const tunnels = new Set<Socket>();
  const server = certificate
    ? createHttps({ cert: pem(certificate), key: pem(`${certificate}-key`) })
    : createHttp();
  server.on("connection", () => {
    proxy.connections += 1;
  });
  server.on("connect", (request, socket: Socket) => {
    proxy.asked.push(request.url ?? "");
    proxy.credentials.push(request.headers["proxy-authorization"]);
    socket.on("error", () => socket.destroy());
    if (proxy.manner === "silence") return;
    if ("say" in proxy.manner) {
      socket.end(proxy.manner.say);
      return;
    }
    if ("refuse" in proxy.manner) {
      const { refuse, headers = [] } = proxy.manner;
      const lines = [`HTTP/1.1 ${refuse} No`, ...headers, "content-length: 0", "connection: close"];
      socket.end(`${lines.join("\r\n")}\r\n\r\n`);
      return;
    }
    const upstream = connect(proxy.manner.tunnel, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    tunnels.add(socket);
    socket.once("close", () => {
      tunnels.delete(socket);
      upstream.destroy();
    });
  });
  const port = await listen(server);
  const scheme = certificate ? "https" : "http";
  const proxy: ConnectProxy = {
    port,
    manner,
    asked: [],
    credentials: [],
    connections: 0,
    url: (credentials) => `${scheme}://${credentials ? `${credentials}@` : ""}127.0.0.1:${port}`,
    async cut() {
      const closed = [...tunnels].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
      for (const socket of tunnels) socket.destroy();
      await Promise.all(closed);
    },
  };
  onTestFinished(() => void proxy.cut());
  return proxy;
}
