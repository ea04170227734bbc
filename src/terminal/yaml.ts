/**
 * JSON values as YAML. Every scalar is written as JSON, and JSON scalars are YAML scalars (YAML 1.2, section 1.3), so
 * nothing needs a quoting rule; only lists and maps are laid out.
 */
import type { Json } from "../hub/json.ts";

export function toYaml(value: Json, indent = ""): string {
  if (Array.isArray(value) && value.length > 0) {
    return value.map((item) => `${indent}- ${toYaml(item, `${indent}  `).trimStart()}`).join("");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    return Object.entries(value)
      .map(
        ([key, item]) =>
          `${indent}${keyOf(key)}:${isBranch(item) ? `\n${toYaml(item, `${indent}  `)}` : ` ${toYaml(item)}`}`,
      )
      .join("");
  }
  return `${indent}${JSON.stringify(value)}\n`;
}

function isBranch(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function keyOf(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(key)
    ? key
    : JSON.stringify(key);
}
