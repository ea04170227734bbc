/** The proxy: running it, and who may use it. */
import type { CommandRow, OptionRow } from "../types.ts";
import { RESOURCE_GROUP } from "./options.ts";

/** How the proxy listens, wherever it runs. */
const LISTENING: OptionRow[] = [
  { flags: "--port <number>", summary: "port to listen on; 0 takes any free one (default: 6655)" },
  { flags: "--host <address>", summary: "address to listen on (default: 127.0.0.1)" },
  { flags: "--no-auth", summary: "accept requests without a key (on loopback only)" },
  { flags: "--drain <seconds>", summary: "how long open streams may go on at the end (default: 10)" },
  { flags: "--tls-cert <file>", summary: "speak https with this certificate (PEM)" },
  { flags: "--tls-key <file>", summary: "its private key (PEM)" },
  RESOURCE_GROUP,
];

export const PROXY: CommandRow[] = [
  {
    name: "serve",
    summary: "run the proxy in the foreground",
    options: [
      ...LISTENING,
      { flags: "--log-file <path>", summary: "write the log there (kept small), not to the terminal" },
      { flags: "--log-content <file>", summary: "write every prompt and answer there, for a day" },
    ],
    examples: ["aicore serve", "aicore serve --port 0 --json", 'eval "$(aicore env claude)"'],
    load: () => import("../serve.ts"),
  },
  {
    name: "start",
    summary: "run the proxy in the background",
    options: LISTENING,
    examples: ["aicore start", "aicore --profile team2 start --port 7000"],
    load: () => import("../start.ts"),
  },
  {
    name: "stop",
    summary: "end a running proxy, once its open streams are through",
    options: [
      { flags: "--port <number>", summary: "the one on this port, where several run" },
      { flags: "--all", summary: "every one that runs", conflicts: ["port"] },
      { flags: "--now", summary: "do not wait for open streams" },
    ],
    examples: ["aicore stop", "aicore stop --now"],
    load: () => import("../stop.ts"),
  },
  {
    name: "restart",
    summary: "end the proxy in the background and start it again, as before unless told otherwise",
    options: LISTENING,
    examples: ["aicore restart"],
    load: () => import("../restart.ts"),
  },
  {
    name: "logs",
    summary: "what the proxy in the background has said",
    options: [
      { flags: "-f, --follow", summary: "go on with what comes" },
      { flags: "-n, --lines <number>", summary: "how many of the last lines (default: 100)" },
    ],
    examples: ["aicore logs", "aicore logs -f -n 20"],
    load: () => import("../logs.ts"),
  },
  {
    name: "service",
    summary: "the proxy as a service of the system, started whenever you log in",
    verbs: [
      {
        name: "status",
        summary: "say whether it is installed and running",
        examples: ["aicore service status"],
        load: async () => (await import("../service.ts")).status,
      },
      {
        name: "install",
        summary: "write the service's description and start it",
        options: [
          { flags: "--port <number>", summary: "port to listen on (default: 6655)" },
          { flags: "--dry-run", summary: "print the description and change nothing" },
        ],
        examples: ["aicore service install --dry-run", "aicore service install"],
        load: async () => (await import("../service.ts")).install,
      },
      {
        name: "uninstall",
        summary: "end the service and remove its description",
        examples: ["aicore service uninstall"],
        load: async () => (await import("../service.ts")).uninstall,
      },
    ],
  },
];
