import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { LatencyReader } from '../latency/latency-reader.js';
import { PeriodPercentilesReader } from '../latency/period-percentiles.js';
import { BodyReader } from '../bodies/body-reader.js';
import { RequestDetailsReader } from '../requests/request-details.js';
import { RequestList } from '../requests/request-list.js';
import { RequestSearch } from '../requests/request-search.js';
import { BookedUsageReader } from './booked-usage.js';
import { UsageBreakdown } from './usage-breakdown.js';
import { UsageChart } from './usage-chart.js';
import { UsageNames } from './usage-names.js';
import { UsageSeries } from './usage-series.js';
import { UsageSummary } from './usage-summary.js';

/** What grows with traffic. */
const LARGE = /^(?:entry|usage_entries|usage_rollups|usage_latencies|later|request_bodies)$/;

let database: TestDatabase;
let source: DataSource;
/** Of every statement that was run. */
const plans: { sql: string; steps: string[] }[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  const { reader } = database;
  const query = async (sql: string, parameters: unknown[] = []): Promise<unknown> => {
    const steps: { detail: string }[] = await reader.query(`EXPLAIN QUERY PLAN ${sql}`, parameters);
    plans.push({ sql, steps: steps.map(({ detail }) => detail) });
    return reader.query(sql, parameters);
  };
  source = new Proxy(reader, {
    get: (target, name) => (name === 'query' ? query : Reflect.get(target, name)),
  });
  const writer = database.writer;
  // One request, so that nothing is skipped for want of any.
  await writer.transaction(async (manager) => {
    await manager.query(
      `INSERT INTO usage_entries (request_id, sequence, kind, status, requests, created_at, recorded_at,
         process_id, client_id, api_key_id, dialect, requested_model, provider, model, stream, attempts,
         input_tokens, cached_input_tokens, cache_write_tokens, cache_write_1h_tokens, input_audio_tokens,
         input_image_tokens, output_tokens, reasoning_tokens, output_audio_tokens, web_searches,
         estimated, cache_hit, has_images, latency_ms)
       VALUES ('one', 1, 'settled', 'ok', 1, 1000, 1000, 'p', 'client', 'key', 'chat', 'm', 'vendor',
         'm', 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5)`,
    );
  });
});

afterAll(() => database.close());

function full(steps: readonly string[]): string[] {
  return steps.filter((step) => {
    const scanned = /^SCAN (\S+)/.exec(step)?.[1];
    return scanned !== undefined && LARGE.test(scanned);
  });
}

describe('the questions of the dashboard', () => {
  const range = { from: 123, to: 90 * 86_400_000 + 45_678 };

  it('never go through a whole table that grows with traffic', async () => {
    const booked = new BookedUsageReader(source);
    const latencies = new LatencyReader(source);
    const names = new UsageNames(source);
    const search = new RequestSearch(booked, source);
    const percentiles = new PeriodPercentilesReader(latencies, search);
    const chart = new UsageChart(booked, new UsageSeries(booked, latencies), names);
    const list = new RequestList(search, new BodyReader(source));
    const scopes = [{}, { clientId: 'client' }, { provider: 'vendor', model: 'm' }];
    for (const scope of scopes) {
      await new UsageSummary(booked, percentiles).of(range, scope);
      await new UsageBreakdown(booked, latencies, names).of(range, scope, 'model');
      for (const groupBy of ['none', 'model', 'key'] as const) {
        const shown = { range, scope, groupBy, top: 3, timeZone: 'Asia/Kolkata' };
        await chart.of({ ...shown, metric: 'cost' });
      }
      for (const filter of [
        scope,
        { ...scope, status: 'ok' as const },
        { ...scope, hasImages: false, minCostNanoUsd: 1, idPrefix: 'o' },
      ]) {
        await list.page({ filter, range, limit: 10 });
        await list.page({ filter, range, limit: 10, behind: { createdAt: 2000, requestId: 'x' } });
        await list.neighboursOf({ createdAt: 1000, requestId: 'one' }, { filter, range });
      }
    }
    await chart.of({
      range,
      scope: {},
      groupBy: 'model',
      top: 3,
      timeZone: 'UTC',
      metric: 'latencyP95',
    });
    await new RequestDetailsReader(source).find('one');
    await list.page({ filter: {}, range, limit: 10, text: 'word' });
    expect(plans.length).toBeGreaterThan(50);
    const offending = plans
      .map(({ sql, steps }) => ({ sql, scans: full(steps) }))
      .filter(({ scans }) => scans.length > 0);
    expect(offending).toEqual([]);
  });

  it('filter requests within the index that is there for it', async () => {
    const lists = plans.filter(({ sql }) => sql.includes('entry.requests > 0'));
    expect(lists.length).toBeGreaterThan(10);
    const unusual = lists.filter(
      ({ steps }) =>
        !steps.some((step) => step.startsWith('SEARCH entry USING INDEX usage_entries_booked (')),
    );
    expect(unusual).toEqual([]);
  });

  it('are noticed when they do', () => {
    const scans = ['SCAN entry', 'SCAN usage_rollups USING COVERING INDEX x'];
    expect(full(scans)).toEqual(scans);
    expect(full(['SCAN slices', 'SEARCH entry USING INDEX x'])).toEqual([]);
  });
});
