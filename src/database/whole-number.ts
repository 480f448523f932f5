import type { ValueTransformer } from 'typeorm';

/** A safe integer, or null, in a bigint column, which PostgreSQL's driver may give as text. */
export const wholeNumber: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};
