import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnusualUse, type UsualUse } from '../src/limits/unusual/unusual-use.js';
import { UsualUseRefresh } from '../src/limits/unusual/usual-use-refresh.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';

const HOUR = 3_600_000;
const KEY_OF = (name: string) => `key-of-${name}-0123456789-0123456789-0123456789`;

let proxy: TestApp;

beforeAll(async () => {
  const client = (name: string, limits: string) =>
    `  - { name: ${name}, apiKeys: ["${KEY_OF(name)}"], limits: ${limits} }`;
  proxy = await TestApp.start({
    env: { LOG_LEVEL: 'warn' },
    yaml: [
      'providers:',
      '  - { name: simulated, type: simulated }',
      'clients:',
      client('new', '{ adaptive: { minRequestsPerMinute: 5 } }'),
      client('steady', '{ adaptive: { factor: 2, minRequestsPerMinute: 5 } }'),
      client('free', '{}'),
    ].join('\n'),
  });
});

afterAll(() => proxy.close());

/** Hours of use of a client, as the ledger's roll-ups have them. */
async function given(name: string, hours: Readonly<Record<number, number>>): Promise<void> {
  const writer = proxy.app.get<DataSource>(getDataSourceToken());
  const now = Date.now();
  for (const [ago, requests] of Object.entries(hours)) {
    const start = now - (now % HOUR) - Number(ago) * HOUR;
    await writer.query(
      `INSERT INTO usage_rollups (bucket_ms, bucket_start, client_id, api_key_id, provider, model, status, requests)
       SELECT ${HOUR}, ${start}, id, 'key', 'p', 'm', 'ok', ${requests} FROM clients WHERE name = '${name}'`,
    );
  }
  await proxy.app.get(UsualUseRefresh).refresh(now);
}

function flood(name: string, count: number): Promise<Response[]> {
  return Promise.all(
    Array.from({ length: count }, () =>
      proxy.chat(
        { model: 'simulated/echo', messages: HELLO },
        { authorization: `Bearer ${KEY_OF(name)}` },
      ),
    ),
  );
}

function admitted(answers: readonly Response[]): number {
  return answers.filter(({ status }) => status === 200).length;
}

describe('unusual use', () => {
  it('is more than the least that is always allowed, for a client without a past', async () => {
    const held: UsualUse[] = [];
    const told = proxy.app.get(UnusualUse).held.subscribe((use) => held.push(use));
    const answers = await flood('new', 40);
    told.unsubscribe();
    expect(admitted(answers)).toBe(5);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(35);
    const [one] = refused as [Response];
    const { error } = (await one.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe('rate_limit_exceeded');
    expect(error.message).toMatch(/^Unusual use: this client is held to 5 requests per minute/);
    expect(Number(one.headers.get('retry-after'))).toBeGreaterThan(0);
    // Once for all of them, to whoever listens and in the log.
    expect(held).toMatchObject([{ clientName: 'new', usualPerMinute: 0, mostPerMinute: 5 }]);
    const lines = proxy.logLines.filter((line) => line.includes('use is unusual'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { client: 'new', message: expect.stringContaining('5 requests per minute') },
    ]);
  });

  it('is a multiple of what the client did in its hours of use', async () => {
    // Ten a minute in the hours in which it did anything.
    await given('steady', { 1: 600, 3: 600, 30: 600 });
    expect(admitted(await flood('steady', 60))).toBe(20);
  });

  it('is held against nobody who did not ask for it', async () => {
    expect(admitted(await flood('free', 60))).toBe(60);
  });
});
