/** nginx as a reverse proxy, if it is installed: what a program in C needs for the same. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CPU, spawnOn } from "./children.ts";
import { BenchError } from "./errors.ts";
import type { Server } from "./targets.ts";

const TRIES = 100;

export function nginxIsInstalled(): boolean {
  try {
    execFileSync("nginx", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** One worker, keep-alive on both sides, nothing buffered that has not to be, no log. */
export async function startNginx(upstreamPort: number, folder: string): Promise<Server> {
  const home = join(folder, "nginx");
  mkdirSync(home, { recursive: true });
  const port = await freePort();
  const file = join(home, "nginx.conf");
  writeFileSync(file, configuration(port, upstreamPort, home));
  const child = spawnOn(["nginx", "-c", file, "-p", home, "-e", "stderr"], { cpu: CPU.servers });
  for (let tries = 0; tries < TRIES; tries++) {
    if (await answers(port)) return { port, process: child };
    await sleep(50);
  }
  throw new BenchError("nginx did not start.");
}

function configuration(port: number, upstreamPort: number, home: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `  ${name}_temp_path ${join(home, name)};`)
    .join("\n");
  return `
daemon off;
worker_processes 1;
pid ${join(home, "pid")};
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  client_max_body_size 32m;
  client_body_buffer_size 1m;
  keepalive_requests 1000000;
${temporary}
  upstream sap { server 127.0.0.1:${upstreamPort}; keepalive 1024; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://sap;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}

/** Free now: nginx cannot be asked for any port. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
}
