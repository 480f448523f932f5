import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import type { Migration } from './migration.js';

/** Who may sign in, where they are signed in, and how often somebody tried. */
export class PeopleAndSessions implements Migration {
  readonly name = '0012-people-and-sessions';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables()) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables().reverse()) await runner.dropTable(table.name);
  }
}

function tables(): Table[] {
  return [users(), sessions(), refreshTokens(), signInGuesses(), setupTokens()];
}

function users(): Table {
  return new Table({
    name: 'users',
    columns: [
      key(text('id', 40)),
      { ...text('email', 254), isUnique: true },
      text('name', 100),
      text('role', 10),
      optional(text('password_hash', 255)),
      flag('must_change_password'),
      flag('is_active'),
      optional(text('oidc_issuer', 255)),
      optional(text('oidc_subject', 255)),
      time('created_at'),
      time('updated_at'),
      optional(time('last_login_at')),
    ],
    uniques: [{ name: 'users_oidc', columnNames: ['oidc_issuer', 'oidc_subject'] }],
  });
}

function sessions(): Table {
  return new Table({
    name: 'sessions',
    columns: [
      key(text('id', 40)),
      text('user_id', 40),
      time('created_at'),
      time('last_used_at'),
      time('expires_at'),
      optional(text('address', 64)),
      optional(text('user_agent', 255)),
    ],
    foreignKeys: [belongsTo('user_id', 'users')],
    indices: [
      { name: 'sessions_user_id', columnNames: ['user_id'] },
      { name: 'sessions_expires_at', columnNames: ['expires_at'] },
    ],
  });
}

function refreshTokens(): Table {
  return new Table({
    name: 'refresh_tokens',
    columns: [
      key(text('hash', 64)),
      text('session_id', 40),
      time('created_at'),
      optional(time('used_at')),
    ],
    foreignKeys: [belongsTo('session_id', 'sessions')],
    indices: [{ name: 'refresh_tokens_session_id', columnNames: ['session_id'] }],
  });
}

function signInGuesses(): Table {
  return new Table({
    name: 'sign_in_guesses',
    columns: [
      key(text('id', 40)),
      text('account', 64),
      text('address', 64),
      time('created_at'),
      flag('has_failed'),
    ],
    indices: [
      { name: 'sign_in_guesses_account', columnNames: ['account', 'created_at'] },
      { name: 'sign_in_guesses_address', columnNames: ['address', 'created_at'] },
      { name: 'sign_in_guesses_created_at', columnNames: ['created_at'] },
    ],
  });
}

function setupTokens(): Table {
  return new Table({
    name: 'setup_tokens',
    columns: [
      key(text('id', 10)),
      text('nonce', 64),
      text('hash', 64),
      time('created_at'),
      time('expires_at'),
    ],
  });
}

/** Goes with what it belongs to. */
function belongsTo(column: string, table: string) {
  return {
    columnNames: [column],
    referencedTableName: table,
    referencedColumnNames: ['id'],
    onDelete: 'CASCADE',
  };
}

function text(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) };
}

/** Epoch milliseconds. */
function time(name: string): TableColumnOptions {
  return { name, type: 'bigint' };
}

function flag(name: string): TableColumnOptions {
  return { name, type: 'boolean' };
}

function key(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isPrimary: true };
}

function optional(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isNullable: true };
}
