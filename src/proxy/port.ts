/**
 * Binding the port, apart from serving it: little to load, so that an address can be told, and the program that is to
 * use it started, while the routes still load.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { PortError } from "../errors.ts";
import { bracketed } from "./guard/addresses.ts";
import type { ServerTls } from "./tls.ts";

export interface PortOptions {
  /** Default 127.0.0.1: Node's own default would be every interface. */
  host?: string;
  /** 0 for any free port. */
  port: number;
  /** Serves https in place of http. */
  tls?: ServerTls;
}

/** Who answers; none of it is called before `BoundPort.serve`. */
export interface Handlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Socket): void;
}

export interface BoundPort {
  readonly server: Server;
  readonly host: string;
  readonly port: number;
  readonly tls: ServerTls | undefined;
  /**
   * With an IP address: another program may own the same port on `[::1]` (security T6). With TLS, where the certificate
   * tells the two apart, a name of the certificate if it does not hold the address.
   */
  readonly url: string;
  /** Hands over every request: first those that have come already and wait, unread, in their order. */
  serve(handlers: Handlers): void;
  /** Ends it with all its connections, for a port that is never served. */
  close(): void;
}

const LIMITS = { connectionsCheckingInterval: 5_000 };

/**
 * Binds the port and lets requests wait.
 * @throws PortError when the address cannot be bound.
 */
export async function bindPort(options: PortOptions): Promise<BoundPort> {
  const { host = "127.0.0.1", tls } = options;
  const secure = tls && (await secureServer(tls, host));
  const server = secure?.server ?? createServer(LIMITS);
  setTimeouts(server);
  const serve = queueing(server);
  await listen(server, host, options.port);
  // An `accept` that fails; unheard it would end the process. Who serves tells of it.
  server.on("error", () => {});
  const bound = server.address() as AddressInfo;
  const name = bracketed(secure?.name ?? nameOf(host, bound));
  return {
    server,
    host,
    port: bound.port,
    tls,
    url: `${tls ? "https" : "http"}://${name}:${bound.port}`,
    serve,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** node:https takes 2 ms to load (Node 20, 2026-11), for a door that is seldom asked for. */
async function secureServer(tls: ServerTls, host: string) {
  const { createTlsServer, nameFor } = await import("./tls.ts");
  return { server: createTlsServer(tls, LIMITS), name: nameFor(tls.cert, host) };
}

function queueing(server: Server): (handlers: Handlers) => void {
  const waiting: ((handlers: Handlers) => void)[] = [];
  let present: Handlers | undefined;
  const take = (call: (handlers: Handlers) => void) => {
    if (present) call(present);
    else waiting.push(call);
  };
  server.on("request", (request, response) => {
    take((handlers) => handlers.request(request, response));
  });
  server.on("upgrade", (request, socket: Socket) => {
    if (!present) socket.on("error", () => socket.destroy());
    take((handlers) => handlers.upgrade(request, socket));
  });
  return (handlers) => {
    present = handlers;
    for (const call of waiting.splice(0)) call(handlers);
  };
}

/** Where a server is called that is bound to `host`; a wildcard is called on loopback. */
function nameOf(host: string, { address }: AddressInfo): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host === "localhost" ? address : host;
}

/** Slow or silent clients hold nothing for long: the head in 15 s, the body in 2 minutes (security T22). */
function setTimeouts(server: Server): void {
  server.headersTimeout = 15_000;
  server.requestTimeout = 120_000;
  server.keepAliveTimeout = 65_000;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(error, host, port)));
    server.listen({ host, port }, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function portError(error: NodeJS.ErrnoException, host: string, port: number): PortError {
  const other = "Use another one with --port, or --port 0 for any free port.";
  switch (error.code) {
    case "EADDRINUSE":
      return new PortError("port_in_use", `Port ${port} is used by another program.`, {
        hint: other,
        cause: error,
      });
    case "EACCES":
      return new PortError("port_denied", `Port ${port} may not be used by this user.`, {
        hint: other,
        cause: error,
      });
    default:
      return new PortError("cannot_listen", `Cannot listen on ${host}:${port} (${error.code}).`, {
        cause: error,
      });
  }
}
