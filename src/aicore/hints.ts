interface Hint {
  when: RegExp;
  /** Only for these statuses; any, when left out. */
  status?: number;
  say: string;
}

/** What to do about the refusals that people meet first; the first row that fits is told. */
const HINTS: readonly Hint[] = [
  {
    when: /RBAC: access denied/i,
    say: "Check the resource group: `aicore resource-groups list` shows those of this tenant, and `aicore login --resource-group <rg>` sets one. If it is right, the service key lacks the scope.",
  },
  {
    when: /Jwt issuer is not configured|Issuer Is Invalid/i,
    say: "The token comes from another region: `url` and `serviceurls.AI_API_URL` of the service key do not belong together. Create a new key and run `aicore login` again.",
  },
  {
    when: /Jwt verification fails/i,
    say: "The token belongs to another tenant. Run `aicore login` again with the service key of this one.",
  },
  { when: /Jwt is expired/i, say: "Check the clock of this machine, then try again." },
  {
    when: /missing tenant id/i,
    say: "This landscape wants the tenant's id: run `aicore login` again with a complete service key (it has `identityzoneid`).",
  },
  {
    when: /Result set exceeds the maximum/i,
    status: 413,
    say: "Ask for fewer rows at a time.",
  },
  {
    when: /Subpath not allowed/i,
    say: "The gateway of SAP AI Core does not pass this path for this model; use another endpoint or another model.",
  },
  {
    when: /Deployment ID not found|deployment .*(not found|does not exist)/i,
    say: "The deployment is gone, in another resource group, or only minutes old. `aicore deployments list` shows what runs.",
  },
  {
    when: /Current status UNKNOWN cannot be changed/i,
    say: "It has only just been created: try again in a minute, or take it back with `aicore deployments delete`.",
  },
  {
    when: /on-demand throughput|model .*(retired|deprecated|end of (its )?life)/i,
    say: "The model's version was retired: deploy a newer one, with `latest` as its version it upgrades by itself.",
  },
  {
    when: /quota|too many requests|rate limit|throttl|too many tokens|resource exhausted/i,
    say: "SAP counts requests a minute per model over the whole tenant; wait, use another model, or ask for more quota in SAP AI Launchpad.",
  },
];

/** One sentence or two about what to do next, where we know something that the upstream does not say. */
export function hintFor(status: number, message: string): string | undefined {
  return HINTS.find((hint) => (hint.status ?? status) === status && hint.when.test(message))?.say;
}
