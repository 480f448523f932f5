/** OpenAI's older completions protocol as far as the proxy reads it. Loose: unknown members are kept. */

export interface CompletionRequest {
  model: string;
  /** A text, several, the tokens of one, or those of several. */
  prompt: string | string[] | number[] | number[][] | null;
  stream?: boolean | null;
  stream_options?: { include_usage?: boolean | null; [key: string]: unknown } | null;
  max_tokens?: number | null;
  n?: number | null;
  best_of?: number | null;
  echo?: boolean | null;
  suffix?: string | null;
  /** How many alternatives of each token to tell. */
  logprobs?: number | null;
  user?: string | null;
  [key: string]: unknown;
}

/** A whole answer, and a chunk of a streamed one. */
export interface Completion {
  id: string;
  object: 'text_completion';
  /** Unix seconds. */
  created: number;
  model: string;
  choices: CompletionChoice[];
  usage?: unknown;
  system_fingerprint?: string;
  [key: string]: unknown;
}

export interface CompletionChoice {
  index: number;
  text: string;
  logprobs: CompletionLogprobs | null;
  finish_reason: 'stop' | 'length' | 'content_filter' | null;
  [key: string]: unknown;
}

/** A member of each list for each token. */
export interface CompletionLogprobs {
  tokens: string[];
  token_logprobs: number[];
  /** By token, the one that was taken among them. */
  top_logprobs: Record<string, number>[];
  /** Characters ahead of the token. */
  text_offset: number[];
}
