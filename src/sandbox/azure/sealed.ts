/** `encrypted_content`: a thought that only the deployment that had it can read (protocol 7.6 #89). */
import { seal } from "../claude/signature.ts";

export function sealFor(deployment: string, thought: string): string {
  return seal(`${deployment}\n${thought}`);
}

export function ownerOf(content: string): string {
  const text = Buffer.from(content.split(".")[0] ?? "", "base64url").toString();
  return text.split("\n")[0] ?? "";
}
