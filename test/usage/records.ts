import { noUsage } from "../../src/hub/messages.ts";
import type { RequestRecord } from "../../src/usage/request-record.ts";

/** A request that was answered; what a test is about is given. */
export function record(given: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: "req_2f7150f7548dde59d9dad75f",
    at: Date.parse("2026-11-21T15:00:00Z"),
    dialect: "anthropic",
    requested: "claude-sonnet-4-5",
    model: "anthropic--claude-4.5-sonnet",
    deployment: "d1757cd71b0fca9e",
    profile: "default",
    stream: true,
    outcome: "completed",
    status: 200,
    attempts: 1,
    usage: noUsage(),
    usageSource: "reported",
    firstByte: 300,
    took: 900,
    key: { id: "local", name: "local" },
    tool: "claude-code",
    session: undefined,
    traceparent: undefined,
    ...given,
  };
}
