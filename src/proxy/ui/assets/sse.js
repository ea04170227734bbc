/**
 * Server-sent events out of text in pieces of any size. EventSource does this too, but cannot send a key in a header.
 * @typedef {{ event: string, data: string }} ServerEvent
 */
export class EventReader {
  #rest = "";
  #event = "";
  /** @type {string[]} */
  #data = [];

  /**
   * @param {string} text the next piece
   * @returns {ServerEvent[]} the events that it completed
   */
  read(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#line(line));
  }

  /** @returns {ServerEvent[]} */
  #line(/** @type {string} */ line) {
    if (line === "") return this.#end();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    return [];
  }

  #end() {
    const event = { event: this.#event || "message", data: this.#data.join("\n") };
    const whole = this.#data.length > 0;
    this.#event = "";
    this.#data = [];
    return whole ? [event] : [];
  }
}
