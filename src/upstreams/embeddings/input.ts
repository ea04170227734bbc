/** What hosts cannot be asked, each told as the 400 that names the field. */
import { invalidRequest } from "../../errors.ts";
import type { EmbeddingInput } from "./types.ts";

/** Token arrays are of OpenAI's tokenizer: only OpenAI's models can read them. */
export function textsOnly({ inputs }: EmbeddingInput, model: string): string[] {
  return inputs.map((input, index) => {
    if (typeof input === "string") return input;
    throw invalidRequest(`input.${index}: ${model} takes texts, not tokens`);
  });
}

/** Vectors of another length than asked for would not fit where the client puts them: an error, not a note. */
export function ownLengthOnly({ dimensions }: EmbeddingInput, model: string): void {
  if (dimensions !== undefined) throw invalidRequest(`dimensions: ${model} has vectors of one length only`);
}

export function isQuery(task: string | undefined): boolean {
  return task !== undefined && /QUERY|QUESTION|FACT_VERIFICATION/.test(task);
}
