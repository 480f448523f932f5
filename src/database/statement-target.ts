import type { AppendTarget } from './append.js';

export type Dialect = 'sqlite' | 'postgres';

export interface Statement {
  readonly sql: string;
  readonly parameters: unknown[];
}

/**
 * A target whose writes can be told as statements beforehand. A batch that comes to one statement
 * needs no BEGIN and COMMIT of its own: it costs one round trip instead of three.
 */
export interface StatementTarget<Row> extends AppendTarget<Row> {
  /** Does what `write` does. Throws when the rows cannot be expressed. */
  statements(dialect: Dialect, rows: readonly Row[]): Statement[];
}

export function isStatementTarget<Row>(target: AppendTarget<Row>): target is StatementTarget<Row> {
  return 'statements' in target;
}
