import { SqliteConnection, type SqliteConnectionOptions } from './sqlite-connection.js';

/** What TypeORM's `driver` option takes in place of the `sqlite3` module that it was written for. */
export function sqliteDriver(options: SqliteConnectionOptions) {
  class Database extends SqliteConnection {
    constructor(file: string, callback: (error: Error | null) => void) {
      super(file, options, callback);
    }
  }
  const driver = { Database };
  return { verbose: () => driver };
}
