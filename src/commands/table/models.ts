/** What the tenant has. */
import type { CommandRow } from "../types.ts";
import { RESOURCE_GROUP } from "./options.ts";

export const MODELS: CommandRow[] = [
  {
    name: "deployments",
    alias: "deployment",
    summary: "what is deployed in the tenant",
    verbs: [
      {
        name: "list",
        summary: "list the deployments and refresh the model mapping",
        options: [
          RESOURCE_GROUP,
          { flags: "--all-groups", summary: "of every resource group", conflicts: ["resourceGroup"] },
          { flags: "--all-profiles", summary: "of every profile" },
          { flags: "--status <status>", summary: "only those with this status, such as RUNNING" },
          {
            flags: "-o, --output <format>",
            summary: "how to print them",
            choices: ["table", "json", "yaml", "name"],
          },
        ],
        examples: ["aicore deployments list", "aicore deployments list --all-groups -o json"],
        load: () => import("../deployments.ts"),
      },
    ],
  },
  {
    name: "models",
    alias: "model",
    summary: "what can be asked for",
    verbs: [
      {
        name: "list",
        summary: "list the models: names and aliases, deployments, limits, abilities",
        options: [RESOURCE_GROUP],
        load: () => import("../models.ts"),
      },
    ],
  },
];
