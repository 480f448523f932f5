import { z } from 'zod';

/** What an instance of the type may set under `settings`. A client's own `options` win. */
export const ollamaSettings = z.strictObject({
  /** Tokens of context that a model is loaded with; the server's own default is small. */
  numCtx: z.number().int().min(1).max(100_000_000).optional(),
  /** How long a model stays loaded: seconds, or text such as 30m; -1 for ever. */
  keepAlive: z
    .union([z.number().int(), z.string().regex(/^-?\d+(?:\.\d+)?(?:ns|us|ms|s|m|h)?$/)], {
      error: 'must be seconds or a duration such as 30m',
    })
    .optional(),
});

export type OllamaSettings = z.infer<typeof ollamaSettings>;
