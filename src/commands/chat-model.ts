/** Which model a chat is with: the one asked for, the setting's, or the newest Claude. */
import { type ChatModel, chatModelOf, defaultModel } from "../chat/model.ts";
import { ApiError } from "../errors.ts";
import type { Session } from "./session.ts";

/** @throws ApiError 404 when no such model, or none at all, is deployed. */
export async function firstModel(session: Session, asked: string | undefined): Promise<ChatModel> {
  const { catalog, settings, tenant } = session;
  const wanted = asked ?? settings.value("chat.model");
  if (wanted !== undefined) return await modelNamed(session, wanted);
  const model = defaultModel(catalog.models());
  if (model) return chatModelOf(model.id, model);
  throw new ApiError(404, `No model that can chat runs in resource group ${tenant.resourceGroup}.`, {
    reason: "no_chat_model",
    hint: "See aicore deployments list --all-groups, and choose one with --resource-group.",
  });
}

/** @throws ApiError 404 with the names that were probably meant. */
export async function modelNamed({ catalog }: Session, name: string): Promise<ChatModel> {
  const { model } = await catalog.resolve(name);
  return chatModelOf(name, model);
}
