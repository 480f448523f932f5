import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ResponseRetention } from '../../src/proxy/responses/store/response-retention.js';
import { query } from '../support/book-entries.js';
import { TestApp } from '../support/test-app.js';
import { createTestPostgres, type TestPostgres } from '../support/test-postgres.js';

const MODEL = 'simulated/echo';

let database: TestPostgres;
let app: TestApp;
let client: OpenAI;

beforeAll(async () => {
  database = await createTestPostgres();
  app = await TestApp.start({
    env: { DATABASE_URL: database.url, RESPONSES_CLIENT_MAX_BYTES: '20000' },
  });
  client = new OpenAI({ apiKey: app.demoKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

describe('responses stored in PostgreSQL', () => {
  it('are gone on from, referred to, deleted, and make room', async () => {
    const first = await client.responses.create({ model: MODEL, input: 'One \0 two' });
    const second = await client.responses.create({
      model: MODEL,
      input: [
        { type: 'item_reference', id: first.output[0]!.id! },
        { role: 'user', content: 'Three' },
      ],
      previous_response_id: first.id,
    });
    const items = await client.responses.inputItems.list(second.id, { order: 'asc' });
    expect(items.data).toHaveLength(4);
    expect(await client.responses.retrieve(second.id)).toMatchObject({ output: second.output });
    await client.responses.delete(first.id);
    await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });

    for (let count = 0; count < 12; count += 1) {
      await client.responses.create({ model: MODEL, input: 'Hello' });
    }
    await app.app.get(ResponseRetention, { strict: false }).sweep();
    const [sum] = await query<{ bytes: string; rows: string }>(
      app,
      'SELECT SUM(bytes) AS bytes, COUNT(*) AS rows FROM stored_responses',
    );
    expect(Number(sum!.bytes)).toBeLessThanOrEqual(20_000);
    expect(Number(sum!.rows)).toBeGreaterThan(0);
    expect(await query(app, 'SELECT 1 FROM stored_response_items')).toHaveLength(Number(sum!.rows));
  });
});
