/** Which model a conversation is held with. */
import type { Model } from "../catalog/model.ts";
import { compareVersions } from "../catalog/names.ts";

export interface ChatModel {
  /** As the user wrote it: what the proxy is asked for. */
  name: string;
  /** SAP's name. */
  id: string;
  maxOutputTokens: number;
  canThink: boolean;
}

export function chatModelOf(name: string, { id, capabilities }: Model): ChatModel {
  const { maxOutputTokens, thinking } = capabilities;
  return { name, id, maxOutputTokens, canThink: thinking !== "none" };
}

/** Models that answer in words. */
export function chatModels(models: readonly Model[]): Model[] {
  return models.filter(
    ({ family, capabilities }) => family !== "embedding" && capabilities.maxOutputTokens > 0,
  );
}

/** The newest Claude, the larger one of two that are equally new; where there is none, the first that can chat. */
export function defaultModel(models: readonly Model[]): Model | undefined {
  const able = chatModels(models);
  const [newest] = able.filter(({ name }) => name.kind === "claude").sort(newerFirst);
  return newest ?? able[0];
}

function newerFirst(a: Model, b: Model): number {
  const version = (model: Model) => (model.name.kind === "claude" ? model.name.version : []);
  return (
    compareVersions(version(b), version(a)) || b.capabilities.maxOutputTokens - a.capabilities.maxOutputTokens
  );
}
