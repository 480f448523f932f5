import type { ValueTransformer } from 'typeorm';

/** Milliseconds since the epoch in a bigint column, which PostgreSQL's driver gives as text. */
export const epochMs: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};
