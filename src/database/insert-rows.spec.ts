import { afterEach, beforeEach, describe } from 'vitest';

import { describeInsertRows } from '../../test/support/insert-rows-behaviour.js';
import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { insertRows } from './insert-rows.js';

describe(insertRows, () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openTestDatabase();
  });

  afterEach(() => database.close());

  describeInsertRows(() => database);
});
