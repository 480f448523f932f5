import { afterEach, beforeEach, describe } from 'vitest';
import { describeBooks } from '../support/books-behaviour.js';
import { describeLatencies } from '../support/latency-behaviour.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { createTestPostgres, type TestPostgres } from '../support/test-postgres.js';

let server: TestPostgres;
let database: TestDatabase;

beforeEach(async () => {
  server = await createTestPostgres();
  database = await openTestDatabase([], { url: server.url });
});

afterEach(async () => {
  await database.close();
  await server.drop();
});

describe('the books on PostgreSQL', () => {
  describeBooks(() => database);
});

describe('percentiles of latency on PostgreSQL', () => {
  describeLatencies(() => database);
});
