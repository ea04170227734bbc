/** Servers that fail on purpose, for the tests of the way out; each is closed at its test's end. */
import { readFileSync } from "node:fs";
import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export const pem = (name: string) => readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), "utf8");

/** The port, once the server listens on loopback. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

export const http = (handler: RequestListener) => listen(createHttp(handler));

/** TLS with the fixture `name` and its key. */
export const https = (name: string, handler: RequestListener, key = `${name}-key`) =>
  listen(createHttps({ cert: pem(name), key: pem(key) }, handler));

/** A server that does `serve` with each connection, HTTP or not. */
export const tcp = (serve: (socket: Socket) => void) => listen(createTcp(serve));

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
