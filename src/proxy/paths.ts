/** Vertex AI's way to write `/v1beta/models`: with a project and location, or in express mode without. */
const VERTEX = /^\/v1(?:beta1)?(?:\/projects\/[^/]+\/locations\/[^/]+)?\/publishers\/google(?=\/models\/)/;

/**
 * The path that the router knows: every route also answers under `/anthropic`, `/openai` and `/gemini`, and for a
 * base URL that already ends in `/v1` (clients then ask for `/v1/v1/messages`). Query strings are cut off; Claude
 * Code always sends `?beta=true`. Google's SDK in its Vertex mode has paths of its own for the same methods.
 */
export function canonicalPath(target: string): string {
  if (target !== last.target) last = { target, path: pathOf(target) };
  return last.path;
}

/** A client asks for the same path over and over. */
let last = { target: "/", path: "/" };

function pathOf(target: string): string {
  const path = target.split(/[?#]/, 1)[0] ?? "/";
  return path
    .replace(/^\/(anthropic|openai|gemini)(?=\/|$)/, "")
    .replace(VERTEX, "/v1beta")
    .replace(/^(\/v1)+(?=\/v1(beta)?(\/|$))/, "")
    .replace(/^$/, "/");
}
