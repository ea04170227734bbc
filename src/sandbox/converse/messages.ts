/** The conversation: roles, order, blank texts, tool pairs, in the words of Bedrock's Converse. */
import type { NovaRules } from "../models.ts";
import { Refusal } from "../refusal.ts";
import type { ContentBlock, ConverseMessage, ConverseRequest } from "./wire.ts";

export function checkMessages({ messages, toolConfig }: ConverseRequest, rules: NovaRules): void {
  for (const [index, message] of messages.entries()) {
    checkTurn(message, messages[index - 1], index);
    checkContent(message, index, rules);
    checkPairs(message, messages[index - 1], index);
  }
  const open = callsIn(messages.at(-1));
  if (open.length > 0)
    throw new Refusal(
      `Expected toolResult blocks at messages.${messages.length}.content for the following Ids: ${open}`,
    );
  const usesTools = messages.some(({ content }) =>
    content.some(({ toolUse, toolResult }) => toolUse ?? toolResult),
  );
  if (usesTools && toolConfig === undefined)
    throw new Refusal(
      "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
    );
}

function checkTurn({ role }: ConverseMessage, before: ConverseMessage | undefined, index: number): void {
  if (index === 0 && role !== "user") {
    const advice = "Try again with a conversation that starts with a user message.";
    throw new Refusal(`A conversation must start with a user message. ${advice}`);
  }
  if (role === before?.role) {
    const rule = "A conversation must alternate between user and assistant roles.";
    throw new Refusal(`${rule} Make sure the conversation alternates and try again.`);
  }
}

function checkContent({ role, content }: ConverseMessage, index: number, { images }: NovaRules): void {
  if (!content.some(({ cachePoint }) => cachePoint === undefined)) {
    const complaint = `The content field in the Message object at messages.${index} is empty.`;
    throw new Refusal(`${complaint} Add a ContentBlock object to the content field and try again.`);
  }
  for (const [place, block] of content.entries()) {
    const path = `messages.${index}.content.${place}`;
    checkBlank(block, path);
    for (const [at, inner] of (block.toolResult?.content ?? []).entries())
      checkBlank(inner, `${path}.toolResult.content.${at}`);
    const foreign = role === "user" ? block.toolUse : (block.toolResult ?? block.image ?? block.document);
    if (foreign) throw new Refusal(`The block at ${path} is not allowed in a message of the role ${role}.`);
    if (block.image && !images) throw new Refusal("This model doesn't support the image content block.");
  }
  const documents = content.flatMap(({ document }) => document?.name ?? []);
  if (new Set(documents).size < documents.length)
    throw new Refusal("Document names must be unique within a message.");
  if (documents.length > 0 && !content.some(({ text }) => text !== undefined))
    throw new Refusal(`messages.${index}: A text block must be included with a document.`);
}

function checkBlank({ text }: ContentBlock, path: string): void {
  if (text?.trim() !== "") return;
  const complaint = `The text field in the ContentBlock object at ${path} is blank.`;
  throw new Refusal(`${complaint} Add text to the text field, and try again.`);
}

/** Each call is answered in the very next message, once, and nothing is answered that was not called. */
function checkPairs({ content }: ConverseMessage, before: ConverseMessage | undefined, index: number): void {
  const called = callsIn(before);
  const answered = content.flatMap(({ toolResult }) => toolResult?.toolUseId ?? []);
  const open = called.filter((id) => !answered.includes(id));
  if (open.length > 0)
    throw new Refusal(
      `Expected toolResult blocks at messages.${index}.content for the following Ids: ${open}`,
    );
  if (answered.length > called.length || answered.some((id) => !called.includes(id))) {
    const where = `The number of toolResult blocks at messages.${index}.content`;
    throw new Refusal(`${where} exceeds the number of toolUse blocks of previous turn.`);
  }
}

function callsIn(message: ConverseMessage | undefined): string[] {
  return (message?.content ?? []).flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
}
