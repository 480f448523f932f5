import { afterAll, beforeAll, describe } from 'vitest';
import { describeLatencies } from './support/latency-behaviour.js';
import { openTestDatabase, type TestDatabase } from './support/test-database.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

describe('percentiles of latency', () => {
  describeLatencies(() => database);
});
