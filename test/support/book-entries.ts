import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import { NO_USAGE } from '../../src/providers/contract/token-usage.js';
import type { Admission, Outcome } from '../../src/usage/admission.js';
import { closingEntry, reservedEntry } from '../../src/usage/build-usage-entry.js';
import { Ledger } from '../../src/usage/ledger.js';
import { PriceRecords } from '../../src/usage/price-records.js';
import { NO_MONEY } from '../../src/usage/reservation.js';
import { UsageEntries } from '../../src/usage/usage-entries.js';
import type { TestApp } from './test-app.js';

/** What the database holds of a request, in the order in which it was appended. */
export interface StoredEntry {
  request_id: string;
  sequence: number;
  kind: string;
  status: string;
  input_tokens: number;
  output_tokens: number;
  cost_nano_usd: number | null;
  estimated: number;
  legs: string | null;
}

/** Reads the database past the application. */
export function query<Row>(app: TestApp, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  return app.app.get<DataSource>(getDataSourceToken('reader')).query(sql, parameters);
}

export function entriesOf(app: TestApp, requestId: string): Promise<StoredEntry[]> {
  return query(app, 'SELECT * FROM usage_entries WHERE request_id = ? ORDER BY sequence', [
    requestId,
  ]);
}

export async function admissionOf(
  app: TestApp,
  overrides: Partial<Admission> = {},
): Promise<Admission> {
  const [key] = await app.app.get(ApiKeysService).list();
  if (key === undefined) throw new Error('the application has no key');
  return {
    requestId: 'request',
    clientId: key.clientId,
    apiKeyId: key.id,
    dialect: 'chat',
    requestedModel: 'simulated/echo',
    provider: 'simulated',
    model: 'echo',
    stream: false,
    hasImages: false,
    inputCharacters: 40,
    tags: null,
    endUser: null,
    session: null,
    ...overrides,
  };
}

export function outcomeOf(overrides: Partial<Outcome> = {}): Outcome {
  return {
    status: 'ok',
    provider: 'simulated',
    model: 'echo',
    legs: [],
    usage: { ...NO_USAGE, inputUncached: 10, outputText: 20 },
    latencyMs: 5,
    firstChunkMs: null,
    httpStatus: 200,
    errorCode: null,
    upstreamRequestId: null,
    translation: null,
    ...overrides,
  };
}

/** Reserves and settles through the ledger itself. */
export async function book(
  app: TestApp,
  admission: Partial<Admission>,
  outcome: Partial<Outcome> = {},
): Promise<void> {
  const ledger = app.app.get(Ledger);
  const reservation = await ledger.reserve(await admissionOf(app, admission));
  await reservation.settle(outcomeOf(outcome));
}

/** Writes a closed request into the books as it would be at any time, past or to come. */
export async function bookAt(
  app: TestApp,
  createdAt: number,
  admission: Partial<Admission>,
  outcome: Partial<Outcome> = {},
): Promise<void> {
  const entries = app.app.get(UsageEntries);
  const admitted = await admissionOf(app, admission);
  const outcomes = outcomeOf(outcome);
  const address = { instance: outcomes.provider, model: outcomes.model };
  await entries.append(reservedEntry({ admission: admitted, createdAt, money: NO_MONEY }, 'test'));
  await entries.append(
    closingEntry({
      admission: admitted,
      reservedNanoUsd: null,
      createdAt,
      processId: 'test',
      outcome: outcomes,
      price: app.app.get(PriceRecords).applied(address, new Date(createdAt)),
    }),
  );
}
