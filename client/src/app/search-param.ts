import * as z from 'zod/mini';

/**
 * A search parameter that may be absent. One that cannot be read is absent too rather than an error
 * page: addresses are typed, cut and sent around.
 */
export function searchParam<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.catch(z.optional(schema), undefined);
}
