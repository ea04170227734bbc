import { byId, say } from "./dom.js";
import { whole } from "./format.js";

/**
 * Whether what arrives is shown at once or kept until the user wants it, and how the connection is.
 * @typedef {import("./api.js").FinishedRequest} FinishedRequest
 */
export class Live {
  /** @type {FinishedRequest[]} */
  #kept = [];
  #paused = false;
  #connection = { word: "Connecting", colour: "" };
  #show;
  #button = byId("pause");

  /** @param {(requests: FinishedRequest[]) => void} show */
  constructor(show) {
    this.#show = show;
    this.#button.onclick = () => this.#toggle();
    this.#tell();
  }

  get paused() {
    return this.#paused;
  }

  arrived(/** @type {FinishedRequest} */ request) {
    if (this.#paused) this.#kept.push(request);
    else this.#show([request]);
    this.#tell();
  }

  connected() {
    this.#connection = { word: "Live", colour: "good" };
    this.#tell();
  }

  lost(/** @type {number} */ milliseconds) {
    this.#connection = {
      word: `Reconnecting in ${whole(Math.ceil(milliseconds / 1_000))} s`,
      colour: "warn",
    };
    this.#tell();
  }

  #toggle() {
    this.#paused = !this.#paused;
    if (!this.#paused) this.#show(this.#kept.splice(0));
    this.#tell();
  }

  #tell() {
    const waiting = this.#kept.length;
    say(this.#button, this.#paused ? (waiting > 0 ? `Resume (${whole(waiting)} new)` : "Resume") : "Pause");
    this.#button.setAttribute("aria-pressed", String(this.#paused));
    const place = byId("connection");
    const { word, colour } = this.#paused ? { word: "Paused", colour: "" } : this.#connection;
    place.hidden = false;
    place.className = `connection ${colour}`;
    say(place, word);
  }
}
