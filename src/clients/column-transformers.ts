import type { ValueTransformer } from 'typeorm';

/** Epoch milliseconds in a bigint column: PostgreSQL gives strings, SQLite numbers. */
export const epochMilliseconds: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/** A list of texts as a JSON array in a text column; null stays null. */
export const jsonTextList: ValueTransformer = {
  to: (value: readonly string[] | null | undefined) =>
    Array.isArray(value) ? JSON.stringify(value) : value,
  from: (value: string | null) => (value === null ? null : (JSON.parse(value) as string[])),
};
