/** The request body once it has passed the checks, and the parts in it. */
import type { JsonObject } from "../../hub/json.ts";

export interface Call {
  name: string;
  args?: JsonObject;
}

export interface Part {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  inlineData?: { mimeType: string; data: string };
  fileData?: { fileUri: string };
  functionCall?: Call;
  functionResponse?: { name: string; response?: JsonObject };
}

export interface Content {
  role?: string;
  parts: Part[];
}

export interface Declaration {
  name: string;
  description?: string;
  parameters?: JsonObject;
  parametersJsonSchema?: JsonObject;
}

export interface ThinkingConfig {
  includeThoughts?: boolean;
  thinkingBudget?: number;
  thinkingLevel?: string;
}

export interface GeminiRequest {
  contents: Content[];
  systemInstruction?: { parts: Part[] };
  tools?: ({ functionDeclarations?: Declaration[] } & JsonObject)[];
  toolConfig?: { functionCallingConfig?: { mode?: string; allowedFunctionNames?: string[] } };
  generationConfig?: {
    maxOutputTokens?: number;
    stopSequences?: string[];
    candidateCount?: number;
    temperature?: number;
    topP?: number;
    responseMimeType?: string;
    responseSchema?: JsonObject;
    responseJsonSchema?: JsonObject;
    thinkingConfig?: ThinkingConfig;
  };
}

export function declarationsIn({ tools = [] }: GeminiRequest): Declaration[] {
  return tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
}

export function callsIn(content: Content | undefined): Call[] {
  return (content?.parts ?? []).flatMap(({ functionCall }) => functionCall ?? []);
}
