import { afterEach, beforeEach, describe } from 'vitest';

import { describeJsonRows } from '../../test/support/json-rows-behaviour.js';
import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { insertJsonRows } from './json-rows.js';

describe(insertJsonRows, () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openTestDatabase();
  });

  afterEach(() => database.close());

  describeJsonRows(() => database);
});
