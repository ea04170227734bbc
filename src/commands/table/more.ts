/** Trying things out, and the command line itself. */
import type { CommandRow } from "../types.ts";

export const MORE: CommandRow[] = [
  {
    name: "sandbox",
    summary: "run a simulated SAP AI Core on this machine and print the path of a service key for it",
    options: [
      { flags: "--port <number>", summary: "port to listen on (default: any free one)" },
      { flags: "--tls-cert <file>", summary: "speak https with this certificate (PEM)" },
      { flags: "--tls-key <file>", summary: "its private key (PEM)" },
    ],
    load: () => import("../sandbox.ts"),
  },
  {
    name: "demo",
    summary: "a guided tour on a simulated tenant: no SAP account needed, no file of yours touched",
    load: () => import("../demo.ts"),
  },
];
