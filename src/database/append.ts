import type { EntityManager } from 'typeorm';

/** Somewhere rows are appended to, many at a time. */
export interface AppendTarget<Row> {
  readonly name: string;
  /**
   * Writes all rows in as few statements as it can, within the transaction of `manager`. Rejects
   * when one of them cannot be written; the writer then tries the rows one by one.
   */
  write(manager: EntityManager, rows: readonly Row[]): Promise<void>;
}
