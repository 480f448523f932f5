import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import type { Migration } from './migration.js';

const HOUR = 3_600_000;
const DAY = 86_400_000;

const KEYS = ['bucket_ms', 'bucket_start', 'provider', 'model', 'measure', 'from_ms'];
const MEASURES = { latency: 'latency_ms', first_chunk: 'first_chunk_ms' };

/**
 * How many requests took about how long, by hours and days, kept as the roll-ups are: on SQLite what
 * is pending is added when the position moves, and by a view until then; bodies, for who asks for
 * them, and which requests were to have theirs kept; and the one index that lists of requests are
 * filtered by. It has all that they are filtered by, and grows at its end only, which costs less
 * than an index for each.
 */
export class LatenciesAndBodies implements Migration {
  readonly name = '0014-latencies-and-bodies';

  async up(runner: QueryRunner): Promise<void> {
    // In plain SQL, as the table API would lose the triggers of the ledger.
    await runner.query('ALTER TABLE usage_entries ADD COLUMN body_log boolean');
    await runner.query(
      `CREATE INDEX usage_entries_booked ON usage_entries
       (created_at, client_id, api_key_id, provider, model, status,
        stream, estimated, cache_hit, has_images, latency_ms, cost_nano_usd) WHERE requests > 0`,
    );
    await runner.createTable(usageLatencies());
    await runner.query(requestBodies(isPostgres(runner)));
    await runner.query('CREATE INDEX request_bodies_created_at ON request_bodies (created_at)');
    // Else the pending entries would be counted now and once more when they are booked.
    if (!isPostgres(runner)) await runner.query(BOOK_PENDING);
    await runner.query(
      `INSERT INTO usage_latencies (${KEYS.join(', ')}, requests) ${countsFrom('usage_entries')}`,
    );
    for (const statement of isPostgres(runner) ? POSTGRES_UP : SQLITE_UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of isPostgres(runner) ? POSTGRES_DOWN : SQLITE_DOWN) {
      await runner.query(statement);
    }
    await runner.query('DROP VIEW usage_latencies_now');
    await runner.query('DROP VIEW usage_latencies_pending');
    await runner.query('DROP TABLE request_bodies');
    await runner.dropTable('usage_latencies');
    await runner.query('DROP INDEX usage_entries_booked');
    await runner.query('ALTER TABLE usage_entries DROP COLUMN body_log');
  }
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.connection.options.type === 'postgres';
}

/** Rounds milliseconds down: 35 steps from each power of ten to the next. */
function rounded(time: string): string {
  const steps = [1, 10, 100, 1_000, 10_000, 100_000].flatMap((unit) =>
    [
      [20, 1],
      [50, 2],
      [100, 5],
    ].map(
      ([below = 0, step = 0]) =>
        `WHEN ${time} < ${below * unit} THEN ${time} - ${time} % ${step * unit}`,
    ),
  );
  return `CASE WHEN ${time} < 10 THEN ${time} ${steps.join(' ')} ELSE 10000000 END`;
}

const keysOf = (entry: string, width: string | number, [measure, column]: [string, string]) =>
  [
    width,
    `${entry}.created_at - (${entry}.created_at % ${width})`,
    `${entry}.provider`,
    `${entry}.model`,
    `'${measure}'`,
    rounded(`${entry}.${column}`),
  ].join(', ');

const counted = (entry: string, column: string) =>
  `${entry}.kind <> 'reserved' AND ${entry}.${column} IS NOT NULL`;

const countsFrom = (table: string, where = 'true'): string =>
  Object.entries(MEASURES)
    .map(
      (
        measure,
      ) => `SELECT ${keysOf('entry', 'widths.bucket_ms', measure)}, SUM(entry.requests) AS requests
   FROM ${table} entry
   CROSS JOIN (SELECT ${HOUR} AS bucket_ms UNION ALL SELECT ${DAY}) widths
   WHERE ${counted('entry', measure[1])} AND ${where} GROUP BY 1, 2, 3, 4, 5, 6`,
    )
    .join(' UNION ALL ');

const ADD_TO_STORED = `ON CONFLICT (${KEYS.join(', ')})
  DO UPDATE SET requests = usage_latencies.requests + excluded.requests`;

const PENDING = 'entry.rowid > (SELECT booked_up_to FROM usage_position)';
const BOOK_PENDING =
  'UPDATE usage_position SET booked_up_to = COALESCE((SELECT MAX(rowid) FROM usage_entries), 0)';
const NOW = `CREATE VIEW usage_latencies_now AS
   SELECT ${KEYS.join(', ')}, requests FROM usage_latencies
   UNION ALL SELECT ${KEYS.join(', ')}, requests FROM usage_latencies_pending`;

// No index of its own for the text: its rows are those of the bodies, and are taken out by number.
const SQLITE_UP = [
  `CREATE VIEW usage_latencies_pending (${KEYS.join(', ')}, requests) AS
   ${countsFrom('usage_entries', PENDING)}`,
  NOW,
  `CREATE TRIGGER usage_booking_latencies BEFORE UPDATE ON usage_position
   WHEN NEW.booked_up_to > OLD.booked_up_to
   BEGIN
     INSERT INTO usage_latencies (${KEYS.join(', ')}, requests)
     SELECT ${KEYS.join(', ')}, requests FROM usage_latencies_pending WHERE true ${ADD_TO_STORED};
   END`,
  `CREATE VIRTUAL TABLE request_body_words USING fts5(text, content='', contentless_delete=1)`,
  `CREATE TRIGGER request_bodies_added AFTER INSERT ON request_bodies
   BEGIN
     INSERT INTO request_body_words (rowid, text)
     VALUES (NEW.id, replace(replace(replace(NEW.text, '\\n', ' '), '\\t', ' '), '\\r', ' '));
   END`,
  `CREATE TRIGGER request_bodies_removed AFTER DELETE ON request_bodies
   BEGIN
     DELETE FROM request_body_words WHERE rowid = OLD.id;
   END`,
];
const SQLITE_DOWN = ['DROP TRIGGER usage_booking_latencies', 'DROP TABLE request_body_words'];

/** Words as SQLite's index has them: what is no letter and no digit is between them. */
const WORDS = `to_tsvector('simple', regexp_replace(text, '\\\\[nrt]|[^[:alnum:]]+', ' ', 'g'))`;

// Ordered, so that two writers never wait for each other in a circle.
const POSTGRES_UP = [
  `CREATE VIEW usage_latencies_pending AS
   SELECT ${KEYS.join(', ')}, requests FROM usage_latencies WHERE false`,
  NOW,
  `CREATE FUNCTION usage_entries_latency() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO usage_latencies (${KEYS.join(', ')}, requests)
     ${countsFrom('added')} ORDER BY 1, 2, 3, 4, 5, 6
     ${ADD_TO_STORED};
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER usage_entries_latency AFTER INSERT ON usage_entries
   REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION usage_entries_latency()`,
  `CREATE INDEX request_bodies_words ON request_bodies USING gin (${WORDS})`,
];
const POSTGRES_DOWN = [
  'DROP TRIGGER usage_entries_latency ON usage_entries',
  'DROP FUNCTION usage_entries_latency()',
];

function usageLatencies(): Table {
  return new Table({
    name: 'usage_latencies',
    // The key is the row but for its count.
    withoutRowid: true,
    columns: [
      key(integer('bucket_ms')),
      key(integer('bucket_start')),
      key(text('provider', 64)),
      key(text('model', 255)),
      key(text('measure', 12)),
      key(integer('from_ms')),
      integer('requests'),
    ],
  });
}

/** Numbered by a column: SQLite is free to change numbers that are none when it copies a file. */
function requestBodies(onPostgres: boolean): string {
  const id = onPostgres ? 'bigint GENERATED ALWAYS AS IDENTITY' : 'integer';
  return `CREATE TABLE request_bodies (
    id ${id} PRIMARY KEY,
    request_id varchar(64) NOT NULL,
    kind varchar(16) NOT NULL,
    created_at bigint NOT NULL,
    text text NOT NULL,
    bytes bigint NOT NULL,
    truncated boolean NOT NULL,
    redacted boolean NOT NULL,
    UNIQUE (request_id, kind)
  )`;
}

function integer(name: string): TableColumnOptions {
  return { name, type: 'bigint' };
}

function text(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) };
}

function key(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isPrimary: true };
}
