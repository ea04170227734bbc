import { X509Certificate } from "node:crypto";
import type { Server, ServerOptions } from "node:http";
import { createServer } from "node:https";
import { isIP, type Socket } from "node:net";
import { isLoopback } from "./guard/addresses.ts";

/** PEM; the certificate may be followed by its chain. */
export interface ServerTls {
  cert: Buffer;
  key: Buffer;
}

/** As long as a slow client may take for its request's head (security T22); Node's own is two minutes. */
const HANDSHAKE_TIMEOUT = 15_000;

/**
 * A server for HTTP/1.1 over TLS. Beside Node's: connections that fail their handshake hear nothing, and
 * `closeAllConnections` also ends those that are still in it, which would hold `close` up otherwise.
 */
export function createTlsServer(tls: ServerTls, options: ServerOptions): Server {
  const server = createServer({
    ...options,
    ...tls,
    ALPNProtocols: ["http/1.1"],
    handshakeTimeout: HANDSHAKE_TIMEOUT,
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const closeRequests = server.closeAllConnections.bind(server);
  server.closeAllConnections = () => {
    closeRequests();
    for (const socket of sockets) socket.destroy();
  };
  // Before Node's own listener, which takes it for a request that cannot be read and has it answered.
  server.prependListener("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}

/** The DNS names of a certificate, those with a `*` left out. */
export function namesIn(cert: Buffer): string[] {
  const { subjectAltName = "" } = new X509Certificate(cert);
  return [...subjectAltName.matchAll(/DNS:([\w.-]+)/g)].map(([, name = ""]) => name.toLowerCase());
}

/**
 * What a server bound to `host` is to be called so that its certificate fits: its address, on loopback `localhost`,
 * elsewhere the first name of the certificate; undefined when none fits.
 */
export function nameFor(cert: Buffer, host: string): string | undefined {
  const certificate = new X509Certificate(cert);
  const address = host === "localhost" || host === "0.0.0.0" ? "127.0.0.1" : host.replace(/^\[|\]$/g, "");
  if (isIP(address) ? certificate.checkIP(address) : certificate.checkHost(address)) return address;
  return isLoopback(host) ? certificate.checkHost("localhost") && "localhost" : namesIn(cert)[0];
}
