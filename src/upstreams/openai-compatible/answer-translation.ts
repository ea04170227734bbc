import type { AnswerTranslation } from "../types.ts";

/** Several ways back as one, each on what the one before it left; undefined when there is none. */
export function inTurn(...steps: (AnswerTranslation | undefined)[]): AnswerTranslation | undefined {
  const all = steps.filter((step) => step !== undefined);
  if (all.length === 0) return undefined;
  return {
    message: (message) => all.reduce((answer, step) => step.message(answer), message),
    event: (event) => all.reduce((events, step) => events.flatMap((one) => step.event(one)), [event]),
  };
}
