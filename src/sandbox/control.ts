/** `/sandbox/…`: the same levers that tests pull in process, for a sandbox that stands alone. */
import { isObject, type Json } from "../hub/json.ts";
import { json, type PlainAnswer } from "./answer.ts";
import type { Fault } from "./faults.ts";
import type { Sandbox } from "./index.ts";

type Controls = Pick<Sandbox, "requests" | "refused" | "usage" | "faults" | "revokeTokens">;
type Lever = (sandbox: Controls, body: string) => PlainAnswer;

const DONE = json(200, { ok: true });

const LEVERS: Readonly<Record<string, Lever>> = {
  "GET /sandbox/requests": ({ requests }) => list(requests),
  "GET /sandbox/refused": ({ refused }) => list(refused),
  "GET /sandbox/usage": ({ usage }) => list(usage),
  "POST /sandbox/faults": ({ faults }, body) => {
    const fault = objectIn(body);
    if (fault === undefined) return json(400, { error: "a fault is a JSON object" });
    try {
      faults.add(fault as Fault);
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) });
    }
    return DONE;
  },
  "DELETE /sandbox/faults": ({ faults }) => {
    faults.clear();
    return DONE;
  },
  "POST /sandbox/tokens/revoke": (sandbox) => {
    sandbox.revokeTokens();
    return DONE;
  },
};

export function control(method: string, path: string, body: string, sandbox: Controls): PlainAnswer {
  const lever = LEVERS[`${method} ${path}`];
  return lever?.(sandbox, body) ?? json(404, { error: "no such lever", levers: Object.keys(LEVERS) });
}

function list(items: readonly unknown[]): PlainAnswer {
  return json(200, items as Json[]);
}

function objectIn(body: string) {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
