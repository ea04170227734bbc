/** The proxy: running it, and who may use it. */
import type { CommandRow } from "../types.ts";
import { RESOURCE_GROUP } from "./options.ts";

export const PROXY: CommandRow[] = [
  {
    name: "serve",
    summary: "run the proxy in the foreground",
    options: [
      { flags: "--port <number>", summary: "port to listen on; 0 takes any free one (default: 6655)" },
      { flags: "--host <address>", summary: "address to listen on (default: 127.0.0.1)" },
      { flags: "--no-auth", summary: "accept requests without a key (on loopback only)" },
      { flags: "--drain <seconds>", summary: "how long open streams may go on at the end (default: 10)" },
      { flags: "--tls-cert <file>", summary: "speak https with this certificate (PEM)" },
      { flags: "--tls-key <file>", summary: "its private key (PEM)" },
      RESOURCE_GROUP,
    ],
    examples: ["aicore serve", "aicore serve --port 0 --json", 'eval "$(aicore env claude)"'],
    load: () => import("../serve.ts"),
  },
];
