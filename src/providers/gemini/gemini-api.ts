/**
 * Google's native protocol as far as the proxy speaks it. Requests are written exactly; answers
 * are read loosely: every member may be absent, and unknown ones are ignored.
 */

export interface GeminiRequest {
  contents: GeminiContent[];
  systemInstruction?: { parts: GeminiPart[] };
  tools?: GeminiTool[];
  toolConfig?: { functionCallingConfig: FunctionCallingConfig };
  generationConfig?: GenerationConfig;
  serviceTier?: 'flex' | 'standard' | 'priority';
}

export interface GeminiContent {
  role: 'user' | 'model';
  parts: GeminiPart[];
}

/** One kind of content, and beside it what the model signed. */
export interface GeminiPart {
  text?: string;
  inlineData?: GeminiBlob;
  fileData?: { fileUri: string };
  functionCall?: { id?: string; name: string; args: unknown };
  functionResponse?: {
    id?: string;
    name: string;
    response: unknown;
    parts?: Array<{ inlineData: GeminiBlob }>;
  };
  thoughtSignature?: string;
}

export interface GeminiBlob {
  mimeType: string;
  /** Base64. */
  data: string;
}

export type GeminiTool =
  { functionDeclarations: FunctionDeclaration[] } | { googleSearch: Record<string, never> };

export interface FunctionDeclaration {
  name: string;
  description?: string;
  /** The OpenAPI subset. */
  parameters?: unknown;
  /** JSON Schema; never together with `parameters`. */
  parametersJsonSchema?: unknown;
}

export interface FunctionCallingConfig {
  mode: 'AUTO' | 'NONE' | 'ANY' | 'VALIDATED';
  allowedFunctionNames?: string[];
}

export interface GenerationConfig {
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  candidateCount?: number;
  stopSequences?: string[];
  seed?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  responseLogprobs?: boolean;
  logprobs?: number;
  responseMimeType?: string;
  responseSchema?: unknown;
  responseJsonSchema?: unknown;
  responseModalities?: string[];
  thinkingConfig?: {
    includeThoughts: boolean;
    thinkingBudget?: number;
    thinkingLevel?: ThinkingLevel;
  };
}

export type ThinkingLevel = 'minimal' | 'low' | 'medium' | 'high';

export interface GeminiResponse {
  candidates?: unknown;
  promptFeedback?: unknown;
  usageMetadata?: unknown;
  modelVersion?: unknown;
  responseId?: unknown;
  createTime?: unknown;
}

export interface GeminiCandidate {
  index?: unknown;
  content?: unknown;
  finishReason?: unknown;
  logprobsResult?: unknown;
  groundingMetadata?: unknown;
  citationMetadata?: unknown;
}

export interface GeminiAnswerPart {
  text?: unknown;
  thought?: unknown;
  thoughtSignature?: unknown;
  inlineData?: unknown;
  functionCall?: unknown;
}

export interface GeminiAnswerCall {
  id?: unknown;
  name?: unknown;
  args?: unknown;
  /** Pieces of the arguments, where the vendor streams them. */
  partialArgs?: unknown;
  /** Another record goes on with this call. */
  willContinue?: unknown;
}
