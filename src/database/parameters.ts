/**
 * What a statement may bind. Postgres refuses U+0000 in a text, which a client can bring in a session's name; one row
 * must not hold up all others, so it is replaced, in rows and in filters alike.
 */
export function toBind(parameters: readonly unknown[]): readonly unknown[] {
  if (!parameters.some(hasNul)) return parameters;
  return parameters.map((value) => (hasNul(value) ? value.replaceAll("\0", "\uFFFD") : value));
}

function hasNul(value: unknown): value is string {
  return typeof value === "string" && value.includes("\0");
}
