import type { QueryRunner } from 'typeorm';
import type { Migration } from './migration.js';

const COLUMNS = [
  ['output_image_tokens', 'bigint NOT NULL DEFAULT 0'],
  ['units', 'text'],
  ['price_note', 'varchar(32)'],
] as const;

/**
 * What was used beside tokens, and what is to be known of the price. The table API makes the whole
 * table anew to add a column on SQLite, and its triggers are lost on the way.
 */
export class UsageUnitColumns implements Migration {
  readonly name = '0007-usage-units';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, type] of COLUMNS) {
      await runner.query(`ALTER TABLE usage_entries ADD COLUMN ${name} ${type}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name] of COLUMNS) {
      await runner.query(`ALTER TABLE usage_entries DROP COLUMN ${name}`);
    }
  }
}
