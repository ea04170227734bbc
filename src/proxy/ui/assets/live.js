import { byId, say } from "./dom.js";
import { whole } from "./format.js";

/** Milliseconds that arrivals are gathered for, so that a hundred in a second are not a hundred times the work. */
const GATHER = 100;
/** Of those that arrive during a pause, which may be long. */
const MOST_KEPT = 200;

/**
 * Whether what arrives is shown at once or kept until the user wants it, and how the connection is.
 * @typedef {import("./api.js").FinishedRequest} FinishedRequest
 */
export class Live {
  /** @type {FinishedRequest[]} */
  #kept = [];
  #count = 0;
  #paused = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #gathering;
  #connection = { word: "Connecting", colour: "" };
  #show;
  #resumed;
  #button = byId("pause");

  /**
   * @param {(requests: FinishedRequest[]) => void} show
   * @param {() => void} resumed after a pause
   */
  constructor(show, resumed) {
    this.#show = show;
    this.#resumed = resumed;
    this.#button.onclick = () => this.#toggle();
    this.#tell();
  }

  get paused() {
    return this.#paused;
  }

  arrived(/** @type {FinishedRequest} */ request) {
    this.#kept.push(request);
    this.#count += 1;
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    if (this.#paused) this.#tell();
    else this.#gathering ??= setTimeout(() => this.#flush(), GATHER);
  }

  connected() {
    this.#connection = { word: "Live", colour: "good" };
    this.#tell();
  }

  lost(/** @type {number} */ milliseconds) {
    const seconds = whole(Math.ceil(milliseconds / 1_000));
    this.#connection = { word: `Reconnecting in ${seconds} s`, colour: "warn" };
    this.#tell();
  }

  #flush() {
    this.#gathering = undefined;
    if (this.#paused) return;
    this.#count = 0;
    this.#show(this.#kept.splice(0));
  }

  #toggle() {
    this.#paused = !this.#paused;
    if (!this.#paused) {
      this.#flush();
      this.#resumed();
    }
    this.#tell();
  }

  #tell() {
    const news = this.#count > 0 ? ` (${whole(this.#count)} new)` : "";
    say(this.#button, this.#paused ? `Resume${news}` : "Pause");
    this.#button.setAttribute("aria-pressed", String(this.#paused));
    const { word, colour } = this.#paused ? { word: "Paused", colour: "" } : this.#connection;
    const place = byId("connection");
    place.hidden = false;
    place.className = `connection ${colour}`;
    say(place, word);
  }
}
