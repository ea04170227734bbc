interface Hint {
  when: RegExp;
  /** Only for these statuses; any, when left out. */
  status?: number;
  say: string;
}

const NEW_KEY = "create a new service key in the BTP cockpit and run `aicore login` with it";

/** The service plan that generative models need; `free` and `standard` have none (SAP AI SDK documentation, 2026). */
export const PLAN_HINT =
  "Generative models need the service plan `extended`: change the plan of the SAP AI Core instance in the BTP cockpit (trial accounts cannot), then create a new service key.";

/**
 * What to do about the refusals that people meet first; the first row that fits is told. Words: SAP's documentation and
 * audit pages, XSUAA and the gateway as issue threads quote them (2026).
 */
const HINTS: readonly Hint[] = [
  {
    when: /(tenant|subdomain|identity ?zone|zone)\b.{0,60}(not found|does not exist|unknown)|(cannot|could not) find (tenant|zone)/i,
    say: `SAP does not know the sub-account of the token URL: it is gone, or \`url\` and the client come from two different keys (\`aicore doctor\` names every source). If it is neither, ${NEW_KEY}.`,
  },
  {
    when: /invalid_client|unauthorized_client|bad credentials|client .*(disabled|locked)/i,
    say: `The client id and the secret do not fit, or the service key was deleted: ${NEW_KEY}.`,
  },
  {
    when: /insufficient[_ ]scope|(missing|lacks?|required?) .{0,40}\bscopes?\b|scopes? .{0,40}(missing|required|not granted)/i,
    say: `The service key does not carry the right to do this: ${NEW_KEY}; its instance must be of SAP AI Core itself.`,
  },
  {
    when: /service ?plan|not entitled|no entitlement|entitlement .*(missing|required)|scenario .{0,60}(not found|does not exist|not available)/i,
    say: PLAN_HINT,
  },
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
