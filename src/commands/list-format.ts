/** How lists are printed: `-o`, or `--json` for short. */
import type { Json } from "../hub/json.ts";
import type { Output } from "../terminal/output.ts";
import { toYaml } from "../terminal/yaml.ts";

export interface ListOptions {
  output?: "table" | "json" | "yaml" | "name";
}

interface Listing {
  /** For programs. */
  document: Json;
  /** What another command takes, a line each. */
  names: readonly string[];
  /** For people; says it when there is nothing. */
  table(): void;
}

export function printList(out: Output, { output }: ListOptions, { document, names, table }: Listing): void {
  switch (output ?? (out.json ? "json" : "table")) {
    case "json":
      out.document(document);
      break;
    case "yaml":
      out.result(toYaml(document));
      break;
    case "name":
      if (names.length > 0) out.result(names.join("\n"));
      break;
    case "table":
      table();
  }
}
