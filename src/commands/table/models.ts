/** What the tenant has. */
import type { CommandRow } from "../types.ts";
import { LIST_OUTPUT, RESOURCE_GROUP } from "./options.ts";

const ID: [string, string] = ["<id>", "of the deployment; its beginning is enough when no other begins so"];
const IDS: [string, string] = ["<id...>", "of the deployments; the beginning of each is enough"];

export const MODELS: CommandRow[] = [
  {
    name: "deployments",
    alias: "deployment",
    summary: "what is deployed in the tenant: list, get, create, stop, delete",
    verbs: [
      {
        name: "list",
        summary: "list the deployments and refresh the model mapping",
        options: [
          RESOURCE_GROUP,
          { flags: "--all-groups", summary: "of every resource group", conflicts: ["resourceGroup"] },
          { flags: "--all-profiles", summary: "of every profile" },
          { flags: "--status <status>", summary: "only those with this status, such as RUNNING" },
          LIST_OUTPUT,
        ],
        examples: ["aicore deployments list", "aicore deployments list --all-groups -o json"],
        load: () => import("../deployments.ts"),
      },
      {
        name: "get",
        summary: "show one deployment",
        arguments: [ID],
        options: [
          RESOURCE_GROUP,
          { flags: "-o, --output <format>", summary: "how to print it", choices: ["table", "json", "yaml"] },
        ],
        examples: ["aicore deployments get d1757cd71b0fca9e", "aicore deployments get d175 -o yaml"],
        load: () => import("../deployments-get.ts"),
      },
      {
        name: "create",
        summary: "deploy a model of the catalogue, or orchestration",
        arguments: [["<model>", "SAP's name, such as gpt-5.5 or anthropic--claude-4.6-sonnet"]],
        options: [
          {
            flags: "--version <version>",
            summary: 'of the model (default: "latest", which upgrades by itself)',
          },
          { ...RESOURCE_GROUP, summary: "the resource group to create it in (default: the profile's)" },
          { flags: "--ttl <duration>", summary: "SAP ends it after this time: 30m, 8h, 7d (default: never)" },
          { flags: "--wait", summary: "wait until it answers a tiny request" },
          { flags: "--timeout <duration>", summary: "how long to wait (default: 15m)" },
          { flags: "--force", summary: "also when the model is deployed already" },
        ],
        examples: [
          "aicore deployments create anthropic--claude-4.6-sonnet --wait",
          "aicore deployments create gpt-4o --version 2024-11-20 --ttl 1d",
          "aicore deployments create orchestration --resource-group team-blue",
        ],
        load: () => import("../deployments-create.ts"),
      },
      {
        name: "stop",
        summary: "stop deployments: they answer no longer, and can be deleted",
        arguments: [IDS],
        options: [
          RESOURCE_GROUP,
          { flags: "--wait", summary: "wait until they are stopped" },
          { flags: "--timeout <duration>", summary: "how long to wait (default: 15m)" },
        ],
        examples: ["aicore deployments stop d1757cd71b0fca9e", "aicore deployments stop d175 d452 --wait"],
        load: async () => ({ run: (await import("../deployments-end.ts")).stop }),
      },
      {
        name: "delete",
        summary: "delete deployments; what runs is stopped first",
        arguments: [IDS],
        options: [
          RESOURCE_GROUP,
          { flags: "-y, --yes", summary: "do not ask" },
          { flags: "--timeout <duration>", summary: "how long to wait for them to stop (default: 15m)" },
        ],
        examples: ["aicore deployments delete d1757cd71b0fca9e", "aicore deployments delete d175 d452 --yes"],
        load: async () => ({ run: (await import("../deployments-end.ts")).remove }),
      },
    ],
  },
  {
    name: "resource-groups",
    alias: "resource-group",
    summary: "the resource groups of the tenant",
    verbs: [
      {
        name: "list",
        summary: "list the resource groups",
        options: [{ flags: "--counts", summary: "with the number of deployments in each" }, LIST_OUTPUT],
        examples: ["aicore resource-groups list", "aicore resource-groups list --counts --json"],
        load: () => import("../resource-groups.ts"),
      },
    ],
  },
  {
    name: "models",
    alias: "model",
    summary: "what can be asked for, under which names: list, map, unmap, test",
    verbs: [
      {
        name: "list",
        summary: "list the models: names and aliases, deployments, limits, abilities",
        options: [
          RESOURCE_GROUP,
          { flags: "--catalog", summary: "what could be deployed: versions, limits, prices, retirement" },
          LIST_OUTPUT,
        ],
        examples: ["aicore models list", "aicore models list --catalog", "aicore models list -o name"],
        load: () => import("../models.ts"),
      },
      {
        name: "map",
        summary: "give a model another name, for tools that ask for one of their own",
        arguments: [
          ["<alias>", "the name to ask for; * stands for anything"],
          ["<model>", "the model that answers"],
        ],
        options: [RESOURCE_GROUP],
        examples: [
          "aicore models map 'gpt-4*' gpt-4.1",
          "aicore models map my-sonnet anthropic--claude-4.6-sonnet",
        ],
        load: async () => ({ run: (await import("../models-map.ts")).map }),
      },
      {
        name: "unmap",
        summary: "take such a name back",
        arguments: [["<alias>", "as `aicore models list` shows it"]],
        examples: ["aicore models unmap 'gpt-4*'"],
        load: async () => ({ run: (await import("../models-map.ts")).unmap }),
      },
      {
        name: "test",
        summary: "send a tiny request to a model, at once and streamed",
        arguments: [["<model>", "any name that a tool could ask for"]],
        options: [RESOURCE_GROUP],
        examples: ["aicore models test sonnet", "aicore models test text-embedding-3-small --json"],
        load: () => import("../models-test.ts"),
      },
    ],
  },
];
