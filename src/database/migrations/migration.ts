import type { MigrationInterface } from 'typeorm';

/**
 * One step of the schema, by the query runner's table API so that it runs on both databases; what that API lacks
 * is written for each. All
 * pending steps run in one transaction. `name` is recorded in the database and never changes.
 */
export interface Migration extends MigrationInterface {
  readonly name: string;
}
