/** One client of the soak: asks in its dialect, behaves as clients do, and says what it was given. */
import { once } from "node:events";
import { type Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { CLIENT_DIALECTS } from "../../src/dialects/clients.ts";
import type { JsonObject } from "../../src/hub/json.ts";
import type { HubAnswer, HubRequest } from "../../src/hub/messages.ts";
import type { WireName } from "../../src/hub/wire.ts";
import { textOf } from "../matrix/cases.ts";
import { bodyOf, pathOf, readStream } from "../matrix/client.ts";

export type Manner = "reads" | "reads slowly" | "leaves early" | "leaves amid";

export interface Asked {
  wire: WireName;
  model: string;
  stream: boolean;
  /** What the model is asked to say, and all it should say. */
  words: string;
  manner: Manner;
  /** Milliseconds that it thinks before it leaves or reads on. */
  pause: number;
}

/** "hung": nothing came to an end in time; "cut": the connection broke and nobody said why. */
export type Ending = "complete" | "broken" | "refused" | "left" | "hung" | "cut";

export interface Got {
  asked: Asked;
  ending: Ending;
  status: number;
  /** What the model said, as far as it came. */
  text: string;
  /** The answer's last bytes, for a failing test to show. */
  tail: string;
}

export interface Door {
  url: string;
  key: string;
  agent: Agent;
}

/** Well above what the proxy may take: 20 s of tries, then twice the 10 s of silence that it is set to. */
const PATIENCE = 90_000;

export async function ask(door: Door, asked: Asked): Promise<Got> {
  const sent = send(door, asked);
  const visit = new Visit(asked);
  const timer = setTimeout(() => visit.leave(sent, "hung"), PATIENCE);
  try {
    return await visit.follow(sent);
  } finally {
    clearTimeout(timer);
  }
}

function send({ url, key, agent }: Door, { wire, model, stream, words }: Asked): ClientRequest {
  const messages: HubRequest["messages"] = [{ role: "user", content: `Say: ${words}` }];
  const question: HubRequest = { model, stream, max_tokens: 8_000, messages };
  const sent = request(url + pathOf(wire, question), {
    method: "POST",
    agent,
    headers: { "content-type": "application/json", "x-api-key": key },
  });
  sent.end(JSON.stringify(bodyOf(wire, question)));
  return sent;
}

class Visit {
  readonly #asked: Asked;
  #left: Ending | undefined;
  #text = "";

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  leave(sent: ClientRequest, ending: Ending): void {
    this.#left ??= ending;
    sent.destroy();
  }

  async follow(sent: ClientRequest): Promise<Got> {
    const response = once(sent, "response");
    // Heard below; a request that is destroyed rejects it before anybody listens.
    response.catch(() => {});
    let status = 0;
    try {
      if (this.#asked.manner === "leaves early") await this.#leaveEarly(sent);
      const [answer] = (await response) as [IncomingMessage];
      status = answer.statusCode ?? 0;
      await this.#read(answer, sent);
    } catch {
      return this.#got(this.#left ?? "cut", status, "");
    }
    return this.#judge(status);
  }

  /** Once the request is out for certain: whoever leaves before is nobody that the proxy could count. */
  async #leaveEarly(sent: ClientRequest): Promise<void> {
    if (!sent.writableFinished) await once(sent, "finish");
    await sleep(this.#asked.pause);
    this.leave(sent, "left");
  }

  async #read(answer: IncomingMessage, sent: ClientRequest): Promise<void> {
    const { manner, pause } = this.#asked;
    for await (const chunk of answer.setEncoding("utf8")) {
      this.#text += chunk;
      if (manner === "reads slowly") await sleep(pause / 4);
      if (manner !== "leaves amid") continue;
      await sleep(pause);
      this.leave(sent, "left");
    }
    if (!answer.complete) throw new Error("cut");
  }

  #judge(status: number): Got {
    if (status !== 200) return this.#got(isRefusal(this.#text) ? "refused" : "cut", status, "");
    const { wire, stream } = this.#asked;
    if (!stream) return this.#got("complete", status, textOf(wholeIn(wire, this.#text)));
    const { answer, complete, error } = readStream(wire, this.#text);
    const told = error?.includes("message") ?? false;
    return this.#got(complete ? "complete" : told ? "broken" : "cut", status, textOf(answer));
  }

  #got(ending: Ending, status: number, text: string): Got {
    return { asked: this.#asked, ending, status, text, tail: this.#text.slice(-300) };
  }
}

function wholeIn(wire: WireName, text: string): HubAnswer {
  return CLIENT_DIALECTS[wire].codec.decodeAnswer(JSON.parse(text) as JsonObject);
}

/** All four dialects refuse with an `error` that has a `message`. */
function isRefusal(text: string): boolean {
  const { error } = JSON.parse(text) as { error?: { message?: unknown } };
  return typeof error?.message === "string" && error.message !== "";
}
