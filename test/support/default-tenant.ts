/** What the sandbox's default tenant holds, counted from its table: tests of lists need not change when it grows. */
import { DEFAULT_TENANT } from "../../src/sandbox/default-tenant.ts";

/** The deployments of the group `default`. */
export const ROWS = DEFAULT_TENANT.filter(({ group }) => group === undefined);
/** The models that run there. */
export const MODELS = [
  ...new Set(ROWS.filter(({ status }) => status === undefined).map(({ model }) => model)),
];
/** The tenant with Claude alone, and all that does not run. */
export const CLAUDE_ONLY = DEFAULT_TENANT.filter(
  ({ model, status }) => status !== undefined || model?.startsWith("anthropic--"),
);
