import type { AppendTarget } from './append.js';

export type Dialect = 'sqlite' | 'postgres';

/** What every driver takes as it is. */
export type SqlValue = null | number | bigint | string | Uint8Array;

export interface Statement {
  readonly sql: string;
  /** The statement is run once for each of these parameter lists. */
  readonly rows: readonly (readonly SqlValue[])[];
}

/**
 * A target whose writes can be told as statements beforehand. They need no promise each, and a batch
 * that comes to a single one needs no BEGIN and COMMIT.
 */
export interface StatementTarget<Row> extends AppendTarget<Row> {
  /** Does what `write` does. Throws when the rows cannot be expressed. */
  statements(dialect: Dialect, rows: readonly Row[]): Statement[];
}

export function isStatementTarget<Row>(target: AppendTarget<Row>): target is StatementTarget<Row> {
  return 'statements' in target;
}
