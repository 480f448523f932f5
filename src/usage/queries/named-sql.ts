import type { DataSource } from 'typeorm';

export type SqlParameters = Readonly<Record<string, unknown>>;

/** Runs SQL with `:name` parameters on either database. A parameter is named at its place, `:...names` is a list. */
export function queryNamed<Row>(
  source: DataSource,
  sql: string,
  parameters: SqlParameters,
): Promise<Row[]> {
  const [text, values] = source.driver.escapeQueryWithParameters(sql, { ...parameters }, {});
  return source.query<Row[]>(text, values);
}

export function isPostgres(source: DataSource): boolean {
  return source.options.type === 'postgres';
}
