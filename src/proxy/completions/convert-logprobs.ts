import type { CompletionLogprobs } from '../../providers/completions/completions-api.js';

interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
}

interface ChatTokenLogprob extends TokenLogprob {
  readonly top_logprobs?: readonly TokenLogprob[] | null;
}

/**
 * The tokens of a chat choice as the older completions list them; null where there are none.
 * @param offset characters of the answer ahead of them
 */
export function convertLogprobs(logprobs: unknown, offset: number): CompletionLogprobs | null {
  const content = contentOf(logprobs);
  if (content.length === 0) return null;
  let position = offset;
  return {
    tokens: content.map(({ token }) => token),
    token_logprobs: content.map(({ logprob }) => logprob),
    top_logprobs: content.map(({ token, logprob, top_logprobs: top }) =>
      Object.fromEntries([...(top ?? []).map((each) => entryOf(each)), [token, logprob]]),
    ),
    text_offset: content.map(({ token }) => {
      const start = position;
      position += countCharacters(token);
      return start;
    }),
  };
}

/** As the vendors count, for whom a character is a code point. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _character of text) count += 1;
  return count;
}

function entryOf({ token, logprob }: TokenLogprob): [string, number] {
  return [token, logprob];
}

function contentOf(logprobs: unknown): readonly ChatTokenLogprob[] {
  if (typeof logprobs !== 'object' || logprobs === null || !('content' in logprobs)) return [];
  return Array.isArray(logprobs.content) ? (logprobs.content as ChatTokenLogprob[]) : [];
}
