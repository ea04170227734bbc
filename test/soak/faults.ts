/** What can happen to one call, drawn at random; security F5–F37 as far as the sandbox can do them. */
import type { Fault, Sandbox } from "../../src/sandbox/index.ts";
import type { Random } from "./random.ts";

/** A row that stands twice comes twice as often. The faults that cost ten seconds of silence come seldom: see below. */
const FAULTS: [(random: Random) => Fault, ...((random: Random) => Fault)[]] = [
  () => ({ status: 429, body: { message: "slow down" } }),
  () => ({ status: 429, headers: { "retry-after": "1" }, body: { message: "slow down" } }),
  () => ({ status: 500, body: { message: "boom" } }),
  () => ({ status: 503, body: "no healthy upstream" }),
  () => ({ status: 401, body: "Jwt is expired" }),
  () => ({ firstEvent: { throttlingException: { message: "slow" } } }),
  () => ({ firstEvent: { type: "error", error: { type: "overloaded_error", message: "busy" } } }),
  (random) => ({ afterEvents: random.between(0, 6), ending: "reset" }),
  (random) => ({ afterEvents: random.between(0, 6), ending: "end" }),
  (random) => ({ afterEvents: random.between(1, 6), ending: { error: { message: "oops", code: 500 } } }),
  (random) => ({ split: random.pick(["bytes", 2, 7, 64]) }),
  (random) => ({ split: random.pick([3, 5]), sse: ["crlf", "multiline", "comments"] }),
  (random) => ({ delay: random.between(20, 1_000) }),
  (random) => ({ delay: random.between(20, 300), afterEvents: random.between(1, 4), ending: "reset" }),
  () => ({ garbage: "\u0000 hello\r\n\r\n" }),
  () => ({ status: 200, body: "not JSON" }),
  () => ({ contentLength: 1_000_000 }),
  () => ({ gzip: true }),
];

/** One more thing that goes wrong, at one of the tenants, for whoever comes next. */
export function disturb(sandbox: Sandbox, random: Random): void {
  const dice = random.next();
  if (dice < 0.01) sandbox.revokeTokens();
  else if (dice < 0.015) sandbox.faults.add({ path: "/oauth/token", status: 503 });
  else if (dice < 0.025) sandbox.faults.add({ silence: true });
  else if (dice < 0.04) sandbox.faults.add({ afterEvents: random.between(0, 6), ending: "silence" });
  else sandbox.faults.add(random.pick(FAULTS)(random));
}
