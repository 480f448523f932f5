/** What Anthropic's models take and give, as far as a request has to be written differently. */
export interface AnthropicModelFamily {
  /** What the ids of the family look like; the first family that matches counts. */
  readonly ids: RegExp;
  readonly contextTokens?: number;
  /** Tokens; also what `max_tokens` is when a client names none. */
  readonly maxOutputTokens: number;
  /** The output is a guess: a client that wants more is believed. */
  readonly isGuess?: true;
  /**
   * How the model is told to think: `adaptive` by effort, `manual` by a budget, `none` not at all.
   */
  readonly thinking: 'adaptive' | 'manual' | 'none';
  /** Words the model takes for its effort, lowest first; adaptive models only. */
  readonly efforts?: readonly string[];
  /**
   * `free`: all of them; `exclusive`: temperature or top_p, not both; `fixed`: nothing but the
   * defaults.
   */
  readonly sampling: 'free' | 'exclusive' | 'fixed';
  /** `output_config.format` and strict tools. */
  readonly structuredOutput: boolean;
}

const UP_TO_MAX = ['low', 'medium', 'high', 'max'] as const;
const UP_TO_MAX_WITH_XHIGH = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

const NEWEST = {
  maxOutputTokens: 128_000,
  thinking: 'adaptive',
  efforts: UP_TO_MAX_WITH_XHIGH,
  sampling: 'fixed',
  structuredOutput: true,
} as const;

/** https://platform.claude.com/docs/en/about-claude/models/overview */
export const ANTHROPIC_MODELS: readonly AnthropicModelFamily[] = [
  { ...NEWEST, ids: /(?:opus|sonnet|fable)-5(?!\d)/ },
  { ...NEWEST, ids: /opus-4-[78](?!\d)/ },
  {
    ...NEWEST,
    ids: /(?:opus|sonnet)-4-6(?!\d)/,
    efforts: UP_TO_MAX,
    sampling: 'exclusive',
  },
  {
    ids: /(?:opus|sonnet|haiku)-4-5(?!\d)/,
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    thinking: 'manual',
    sampling: 'exclusive',
    structuredOutput: true,
  },
  {
    ids: /opus-4-1(?!\d)/,
    contextTokens: 200_000,
    maxOutputTokens: 32_000,
    thinking: 'manual',
    sampling: 'exclusive',
    structuredOutput: false,
  },
  {
    ids: /sonnet-4(?:-0|-\d{8}|@|$)/,
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    thinking: 'manual',
    sampling: 'exclusive',
    structuredOutput: false,
  },
  {
    ids: /opus-4(?:-0|-\d{8}|@|$)/,
    contextTokens: 200_000,
    maxOutputTokens: 32_000,
    thinking: 'manual',
    sampling: 'exclusive',
    structuredOutput: false,
  },
  {
    ids: /claude-3-7-/,
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    thinking: 'manual',
    sampling: 'free',
    structuredOutput: false,
  },
  {
    ids: /claude-3-5-/,
    contextTokens: 200_000,
    maxOutputTokens: 8192,
    thinking: 'none',
    sampling: 'free',
    structuredOutput: false,
  },
  {
    ids: /claude-(?:3-|2|instant)/,
    contextTokens: 200_000,
    maxOutputTokens: 4096,
    thinking: 'none',
    sampling: 'free',
    structuredOutput: false,
  },
  // A Claude that came after this table: like the newest, with the output that all of them have.
  { ...NEWEST, ids: /^claude/, maxOutputTokens: 64_000, isGuess: true },
  {
    ids: /(?:)/,
    maxOutputTokens: 4096,
    isGuess: true,
    thinking: 'none',
    sampling: 'free',
    structuredOutput: false,
  },
];

export function findModelFamily(model: string): AnthropicModelFamily {
  // The last family takes every id.
  return ANTHROPIC_MODELS.find(({ ids }) => ids.test(model)) as AnthropicModelFamily;
}
