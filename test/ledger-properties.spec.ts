import { afterEach, beforeEach, describe } from 'vitest';
import { describeBooks } from './support/books-behaviour.js';
import { openTestDatabase, type TestDatabase } from './support/test-database.js';

let database: TestDatabase;

beforeEach(async () => {
  database = await openTestDatabase();
});

afterEach(() => database.close());

describe('the books', () => {
  describeBooks(() => database);
});
