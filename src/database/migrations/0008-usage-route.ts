import type { QueryRunner } from 'typeorm';
import type { Migration } from './migration.js';

/** Why a request went where it went. In plain SQL, as the table API would lose the triggers. */
export class UsageRouteColumn implements Migration {
  readonly name = '0008-usage-route';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_entries ADD COLUMN route varchar(255)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_entries DROP COLUMN route');
  }
}
