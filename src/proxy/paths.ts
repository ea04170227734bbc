/**
 * The path that the router knows: every route also answers under `/anthropic`, `/openai` and `/gemini`, and for a
 * base URL that already ends in `/v1` (clients then ask for `/v1/v1/messages`). Query strings are cut off; Claude
 * Code always sends `?beta=true`.
 */
export function canonicalPath(target: string): string {
  const path = target.split(/[?#]/, 1)[0] ?? "/";
  return path
    .replace(/^\/(anthropic|openai|gemini)(?=\/|$)/, "")
    .replace(/^(\/v1)+(?=\/v1(beta)?(\/|$))/, "")
    .replace(/^$/, "/");
}
