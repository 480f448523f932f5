import type { ValueTransformer } from 'typeorm';

/** A list of texts as a JSON array in a text column; null stays null. */
export const jsonTextList: ValueTransformer = {
  to: (value: readonly string[] | null | undefined) =>
    Array.isArray(value) ? JSON.stringify(value) : value,
  from: (value: string | null) => (value === null ? null : (JSON.parse(value) as string[])),
};
