import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/insert-rows.js';

/** Values of a statement and their places in its text. */
export interface SqlParameters {
  readonly values: unknown[];
  /** Adds a value and gives what stands for it. */
  of(value: unknown): string;
}

/** PostgreSQL numbers them and wants to know which are integers; SQLite takes them in order. */
export function parametersOf(manager: EntityManager): SqlParameters {
  const values: unknown[] = [];
  const isPostgres = dialectOf(manager) === 'postgres';
  const of = (value: unknown): string => {
    values.push(value);
    if (!isPostgres) return '?';
    return typeof value === 'number' ? `$${values.length}::bigint` : `$${values.length}`;
  };
  return { values, of };
}
