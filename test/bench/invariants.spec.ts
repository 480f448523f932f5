import { describe, expect, it } from 'vitest';
import type { ClientCall } from '../../bench/crash-client.ts';
import type { ServedCall } from '../../bench/fake-upstream.ts';
import type { LedgerRow } from '../../bench/installation.ts';
import { checkRows, costOf, totalCost, type Evidence } from '../../bench/invariants.ts';

const TOKENS = { prompt: 100, cached: 40, completion: 10, reasoning: 2 };

function call(change: Partial<ClientCall> = {}): ClientCall {
  return {
    id: 'a',
    stream: true,
    outcome: 'complete',
    status: 200,
    events: 9,
    tokens: TOKENS,
    ...change,
  };
}

function served(change: Partial<ServedCall> = {}): ServedCall {
  return { id: 'a', stream: true, tokens: TOKENS, complete: true, chunks: 9, ...change };
}

function row(change: Partial<LedgerRow> = {}): LedgerRow {
  return {
    request_id: 'a',
    client: 'bench',
    model: 'gpt-4o-mini',
    status: 'ok',
    attempts: 1,
    input_tokens: 100,
    cached_input_tokens: 40,
    output_tokens: 10,
    reasoning_tokens: 2,
    cost_nano_usd: '18000',
    estimated: false,
    ...change,
  };
}

function violationsOf(change: Partial<Evidence>): string[] {
  const evidence = { calls: [call()], served: [served()], rows: [row()], ...change };
  return checkRows(evidence).flatMap(({ violations }) => violations);
}

const left = call({ outcome: 'left', tokens: null });
const partly = served({ complete: false });

describe(checkRows.name, () => {
  it.for<[string, Partial<Evidence>]>([
    ['everything agrees', {}],
    ['a cost is a number', { rows: [row({ cost_nano_usd: 18_000 })] }],
    [
      'a client left',
      { calls: [left], served: [partly], rows: [row({ status: 'client_aborted' })] },
    ],
    [
      'a kill interrupted a stream that its client left',
      {
        calls: [left],
        served: [partly],
        rows: [row({ status: 'interrupted', cost_nano_usd: null })],
      },
    ],
    [
      'a kill interrupted a call',
      {
        calls: [call({ outcome: 'failed', tokens: null })],
        served: [partly],
        rows: [row({ status: 'interrupted', cost_nano_usd: null })],
      },
    ],
    [
      'a request never got in',
      { calls: [call({ outcome: 'failed', status: 0, tokens: null })], served: [], rows: [] },
    ],
  ])('is content when %s', ([, change]) => {
    expect(violationsOf(change)).toEqual([]);
  });

  it.for<[string, Partial<Evidence>, RegExp]>([
    ['a lost row', { rows: [] }, /0 rows/],
    ['a doubled row', { rows: [row(), row()] }, /2 rows/],
    ['a row from nowhere', { rows: [row(), row({ request_id: 'b' })] }, /no client asked/],
    [
      'a wrong token count',
      { rows: [row({ output_tokens: 11 })] },
      /output_tokens 11, expected 10/,
    ],
    ['a wrong cost', { rows: [row({ cost_nano_usd: '18001' })] }, /cost_nano_usd 18001/],
    ['a missing cost', { rows: [row({ cost_nano_usd: null })] }, /cost_nano_usd null/],
    ['an estimate of a complete answer', { rows: [row({ estimated: true })] }, /estimated true/],
    [
      'a complete answer not settled',
      { rows: [row({ status: 'interrupted' })] },
      /status interrupted/,
    ],
    [
      'another answer than served',
      { calls: [call({ tokens: { ...TOKENS, prompt: 1 } })] },
      /the client saw/,
    ],
    ['an answer without a call', { served: [] }, /answered without the upstream/],
    ['an upstream call without a row', { calls: [], rows: [] }, /served, but has no row/],
    ['two upstream calls', { served: [served(), served()] }, /called upstream 2 times/],
    ['ok for half an answer', { served: [partly] }, /the upstream never finished it/],
    [
      'a free ride',
      { calls: [left], rows: [row({ status: 'client_aborted', cost_nano_usd: '0' })] },
      /costs nothing/,
    ],
    [
      'a stream left unsettled',
      { calls: [left], rows: [row({ status: 'error' })] },
      /status error/,
    ],
  ])('sees %s', ([, change, expected]) => {
    expect(violationsOf(change).join('\n')).toMatch(expected);
  });
});

describe(costOf.name, () => {
  it('bills cached input at its own price', () => {
    expect(costOf(TOKENS)).toBe(60n * 150n + 40n * 75n + 10n * 600n);
    expect(totalCost([row(), row({ cost_nano_usd: null }), row({ cost_nano_usd: 7 })])).toBe(
      18_007n,
    );
  });
});
