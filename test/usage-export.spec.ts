import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Ledger } from '../src/usage/ledger.js';
import type { UsageRow } from '../src/usage/usage-export.js';
import { USAGE_ROW_COLUMNS } from '../src/usage/usage-row-format.js';
import { admissionOf, book, outcomeOf } from './support/book-entries.js';
import { TestApp } from './support/test-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start();
});

afterAll(() => app.close());

afterEach(() => {
  vi.unstubAllEnvs();
});

function fetchExport(query: string): Promise<Response> {
  return fetch(`${app.url}/api/usage/export?${query}`, {
    headers: { authorization: `Bearer ${app.adminKey}` },
  });
}

async function exported(query: string): Promise<UsageRow[]> {
  const answer = await fetchExport(query);
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as UsageRow);
}

/** Reads a CSV by RFC 4180. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g,
  )) {
    records.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') records.push([]);
  }
  records.pop();
  return records;
}

describe('the export', () => {
  it('is empty, with its header in CSV, before there was a request', async () => {
    expect(await exported('format=ndjson')).toEqual([]);
    const answer = await fetchExport('format=csv');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(await answer.text()).toBe(`${USAGE_ROW_COLUMNS.join(',')}\r\n`);
  });

  it('has all of 2,500 rows once, oldest first, over pages', async () => {
    const ledger = app.app.get(Ledger);
    const admission = await admissionOf(app);
    await Promise.all(
      Array.from({ length: 2500 }, async (_, index) => {
        const reservation = await ledger.reserve({ ...admission, requestId: `row_${index}` });
        await reservation.settle(outcomeOf());
      }),
    );
    const rows = await exported('format=ndjson');
    expect(rows).toHaveLength(2500);
    expect(new Set(rows.map((row) => row.request_id)).size).toBe(2500);
    const times = rows.map((row) => Date.parse(row.created_at));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    const csv = parseCsv(await (await fetchExport('format=csv')).text());
    expect(csv.slice(1).map(([id]) => id)).toEqual(rows.map((row) => row.request_id));
  });

  it('takes `from` as inclusive and `to` as exclusive', async () => {
    const rows = await exported('format=ndjson');
    const times = [...new Set(rows.map((row) => row.created_at))];
    const middle = times[times.length >> 1] as string;
    const before = rows.filter((row) => row.created_at < middle).map((row) => row.request_id);
    const since = rows.filter((row) => row.created_at >= middle).map((row) => row.request_id);
    const ids = async (query: string) => (await exported(query)).map((row) => row.request_id);
    expect(await ids(`to=${middle}`)).toEqual(before);
    expect(await ids(`from=${middle}`)).toEqual(since);
    expect(await ids(`from=${middle}&to=${middle}`)).toEqual([]);
  });

  it('takes times without an offset as UTC, wherever the server stands', async () => {
    vi.stubEnv('TZ', 'America/New_York');
    expect(new Date(0).getTimezoneOffset()).toBe(300);
    const [row] = await exported('format=ndjson');
    const at = (row as UsageRow).created_at;
    const bare = at.replace('Z', '');
    expect(await exported(`from=${bare}`)).toEqual(await exported(`from=${at}`));
    expect(await exported(`to=${bare}`)).toEqual([]);
    expect(await exported(`from=${at.slice(0, 10)}`)).toEqual(await exported(''));
    const east = encodeURIComponent(`${bare}+02:00`);
    expect(await exported(`from=${east}`)).toEqual(await exported(''));
  });

  it.each(['from=yesterday', 'to=2026-13-01', 'from=2026-W01', 'to=2026-001', 'format=xml'])(
    'refuses %s and names it',
    async (query) => {
      const answer = await fetchExport(query);
      expect(answer.status).toBe(400);
      const { error } = (await answer.json()) as { error: { code: string; param: string } };
      expect(error).toMatchObject({ code: 'invalid_value', param: query.split('=')[0] });
    },
  );

  it('has the public columns in NDJSON and CSV alike', async () => {
    const [row] = await exported('format=ndjson');
    expect(Object.keys(row as UsageRow)).toEqual([...USAGE_ROW_COLUMNS]);
    const csv = parseCsv(await (await fetchExport('format=csv')).text());
    expect(csv[0]).toEqual([...USAGE_ROW_COLUMNS]);
    const written = USAGE_ROW_COLUMNS.map((column) => String((row as UsageRow)[column] ?? ''));
    expect(csv[1]).toEqual(written);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
    'keeps a spreadsheet from running %j',
    async (tags) => {
      await book(app, { requestId: `formula_${Buffer.from(tags).toString('hex')}`, tags });
      const csv = parseCsv(await (await fetchExport('format=csv')).text());
      const column = USAGE_ROW_COLUMNS.indexOf('tags');
      expect(csv.at(-1)?.[column]).toBe(`'${tags}`);
      expect((await exported('format=ndjson')).at(-1)?.tags).toBe(tags);
    },
  );

  it('quotes what CSV needs quoted', async () => {
    await book(app, { requestId: 'quoted', tags: 'a "b", c\r\nd' });
    const csv = parseCsv(await (await fetchExport('format=csv')).text());
    expect(csv.at(-1)?.[USAGE_ROW_COLUMNS.indexOf('tags')]).toBe('a "b", c\r\nd');
  });

  it('does not have what is still open', async () => {
    const ledger = app.app.get(Ledger);
    const reservation = await ledger.reserve(await admissionOf(app, { requestId: 'open' }));
    const before = await exported('format=ndjson');
    expect(before.filter((row) => row.request_id === 'open')).toEqual([]);
    await reservation.settle(outcomeOf());
    const after = await exported('format=ndjson');
    expect(after.filter((row) => row.request_id === 'open')).toHaveLength(1);
  });

  it.each(['', 'Bearer wrong'])('is for administrators only (%j)', async (authorization) => {
    const answer = await fetch(`${app.url}/api/usage/export`, { headers: { authorization } });
    expect(answer.status).toBe(401);
  });

  it('is refused to a client', async () => {
    const answer = await fetch(`${app.url}/api/usage/export`, {
      headers: { authorization: `Bearer ${app.demoKey}` },
    });
    expect(answer.status).toBe(403);
  });
});
