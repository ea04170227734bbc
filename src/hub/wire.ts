/** The wire formats that we know; SAP's hosts speak the same four. */
export type WireName = "anthropic" | "openai-chat" | "openai-responses" | "gemini";

/** One server-sent event: its name where the dialect has names, and its data. */
export interface Frame {
  event?: string;
  data: string;
}
