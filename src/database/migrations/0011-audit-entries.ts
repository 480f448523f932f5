import { type QueryRunner, Table, type TableColumnOptions, TableIndex } from 'typeorm';
import type { Migration } from './migration.js';

/** Who changed what. Rows are only ever added; the database itself holds to that. */
export class AuditEntries implements Migration {
  readonly name = '0011-audit-entries';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(auditEntries());
    await runner.createIndex(
      'audit_entries',
      new TableIndex({
        name: 'audit_entries_subject',
        columnNames: ['subject_type', 'subject_id'],
      }),
    );
    for (const statement of isPostgres(runner) ? POSTGRES_UP : SQLITE_UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('audit_entries');
    if (isPostgres(runner)) await runner.query('DROP FUNCTION refuse_audit_change');
  }
}

const SQLITE_UP = ['UPDATE', 'DELETE'].map(
  (verb) => `CREATE TRIGGER audit_entries_no_${verb.toLowerCase()} BEFORE ${verb} ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END`,
);

const POSTGRES_UP = [
  `CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$`,
  `CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`,
];

function auditEntries(): Table {
  return new Table({
    name: 'audit_entries',
    columns: [
      { ...text('id', 40), isPrimary: true },
      { name: 'created_at', type: 'bigint' },
      text('actor_kind', 10),
      text('actor_id', 64),
      text('actor_name', 255),
      text('action', 64),
      text('subject_type', 32),
      text('subject_id', 255),
      text('subject_name', 255),
      { name: 'before', type: 'text', isNullable: true },
      { name: 'after', type: 'text', isNullable: true },
      { ...text('request_id', 64), isNullable: true },
      { ...text('address', 64), isNullable: true },
    ],
  });
}

function text(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) };
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.connection.options.type === 'postgres';
}
