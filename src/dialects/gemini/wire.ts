import { isObject, type Json, type JsonObject } from "../../hub/json.ts";

/** A part of a checked request, or of an answer; exactly one of its data members is there. */
export interface Part {
  text?: string;
  /** The text is a thought. */
  thought?: boolean;
  thoughtSignature?: string;
  inlineData?: { mimeType: string; data: string };
  fileData?: { mimeType?: string; fileUri: string };
  functionCall?: { id?: string; name: string; args?: JsonObject };
  functionResponse?: {
    id?: string;
    name: string;
    response?: JsonObject;
    parts?: { inlineData?: { mimeType: string; data: string } }[];
  };
  executableCode?: { code?: string };
  codeExecutionResult?: { output?: string };
}

export interface Content {
  role?: string;
  parts?: Part[];
}

/** A body that `readGeminiRequest` has checked. */
export interface GenerateContentRequest {
  model?: string;
  stream?: boolean;
  contents: Content[];
  systemInstruction?: { parts?: Part[] };
  tools?: JsonObject[];
  toolConfig?: { functionCallingConfig?: { mode?: string; allowedFunctionNames?: string[] } };
  generationConfig?: JsonObject;
  safetySettings?: Json;
  [other: string]: unknown;
}

/** The parts of an answer's candidate. What came without the shape of a part is left out. */
export function partsIn(content: Json | undefined): Part[] {
  if (!isObject(content) || !Array.isArray(content.parts)) return [];
  return content.parts.filter(isObject) as Part[];
}
