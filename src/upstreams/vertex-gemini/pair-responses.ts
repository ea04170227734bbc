/**
 * `Please ensure that the number of function response parts is equal to the number of function call parts of the
 * function call turn` (gemini-cli#5443, pydantic-ai#580): each call has exactly one answer, in the content right
 * behind it and in the same order. Cancelled turns and cut histories break this in every client.
 */
import { rewriteEach, withMember } from "../copy-on-write.ts";
import { type Content, type Named, namedIn, type Part } from "./content.ts";

/** @param contents alternating in role */
export function pairResponses(contents: Content[]): Content[] {
  const paired = rewriteEach(contents, (content, index) =>
    content.role === "user" ? answer(content, callsIn(contents[index - 1])) : content,
  );
  const unanswered = callsIn(paired.at(-1));
  return unanswered.length === 0
    ? paired
    : [...paired, { role: "user", parts: unanswered.map(({ name }) => cancelled(name)) }];
}

function callsIn(content: Content | undefined): Named[] {
  if (content?.role !== "model") return [];
  return content.parts.flatMap((part) => namedIn(part, "functionCall") ?? []);
}

/** The user's content with the answers to these calls first, then everything else. */
function answer(content: Content, calls: Named[]): Content {
  let answers = content.parts.filter((part) => namedIn(part, "functionResponse"));
  const matched = calls.map((call) => {
    const found =
      answers.find((part) => sameId(part, call)) ?? answers.find((part) => answerable(part, call, calls));
    answers = answers.filter((part) => part !== found);
    return found ?? cancelled(call.name);
  });
  const rest = content.parts.flatMap((part) => {
    if (!namedIn(part, "functionResponse")) return [part];
    return answers.includes(part) ? [asText(part)] : [];
  });
  const parts = [...matched, ...rest];
  const same = parts.length === content.parts.length && parts.every((part, at) => part === content.parts[at]);
  return same ? content : withMember(content, "parts", parts);
}

function sameId(part: Part, { id }: Named): boolean {
  return id !== undefined && namedIn(part, "functionResponse")?.id === id;
}

/** By name, unless its id says that it belongs to another call. */
function answerable(part: Part, { name }: Named, calls: Named[]): boolean {
  const response = namedIn(part, "functionResponse");
  return response?.name === name && !calls.some(({ id }) => id !== undefined && id === response.id);
}

/** The call has no answer in the history: the user stopped it, or the client lost it. */
function cancelled(name: string): Part {
  return { functionResponse: { name, response: { error: "The call was cancelled." } } };
}

function asText(part: Part): Part {
  const response = namedIn(part, "functionResponse");
  return { text: `[${response?.name} answered: ${JSON.stringify(response?.response ?? null)}]` };
}
