/**
 * Names for the documents of one request. Converse requires one, of letters, digits, single spaces, hyphens and
 * brackets, up to 200 characters, each once (AWS, Converse API reference, `DocumentBlock`, 2026-11). The same history
 * gives the same names at every turn, so a cached prefix stays one.
 */
export class DocumentNames {
  readonly #given = new Map<string, number>();

  /** @param title what the client calls it, if it does */
  next(title: unknown): string {
    const wish = typeof title === "string" ? title : "";
    const plain = wish.replace(/[^A-Za-z0-9\s()[\]-]+/g, "-").replace(/\s+/g, " ");
    const name = plain.trim().slice(0, 190) || "document";
    const count = (this.#given.get(name) ?? 0) + 1;
    this.#given.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  }
}
