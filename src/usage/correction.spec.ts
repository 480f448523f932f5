import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../providers/contract/token-usage.js';
import { closingEntry, interruptedEntry, reservedEntry } from './build-usage-entry.js';
import { correctionOf } from './correction.js';
import { NO_MONEY } from './reservation.js';
import type { UsageEntry } from './usage-entry.js';

const admission = {
  requestId: 'request',
  clientId: 'client',
  apiKeyId: 'key',
  dialect: 'chat',
  requestedModel: 'public',
  provider: 'vendor',
  model: 'model',
  stream: false,
  hasImages: false,
  inputCharacters: 40,
  tags: null,
  endUser: null,
  session: null,
};

const truth = closingEntry({
  admission,
  reservedNanoUsd: null,
  createdAt: 1,
  processId: 'living',
  price: undefined,
  outcome: {
    status: 'ok',
    provider: 'other-vendor',
    model: 'other-model',
    legs: [],
    usage: { ...NO_USAGE, inputUncached: 7, outputText: 100, providerCostNanoUsd: 50 },
    latencyMs: 9,
    firstChunkMs: null,
    httpStatus: 200,
    errorCode: null,
    upstreamRequestId: null,
    translation: null,
  },
});

const booked: UsageEntry = {
  ...interruptedEntry(
    reservedEntry({ admission, createdAt: 1, money: NO_MONEY }, 'dead'),
    undefined,
  ),
  costNanoUsd: 10,
};

describe(correctionOf.name, () => {
  it('takes back under the names of the booking, and books under those of the truth', () => {
    expect(correctionOf(booked, truth)).toMatchObject([
      {
        sequence: 2,
        kind: 'adjusted',
        status: 'interrupted',
        provider: 'vendor',
        model: 'model',
        requests: -1,
        inputTokens: -10,
        outputTokens: 0,
        costNanoUsd: -10,
        providerCostNanoUsd: null,
      },
      {
        sequence: 3,
        kind: 'adjusted',
        status: 'ok',
        provider: 'other-vendor',
        model: 'other-model',
        requests: 1,
        inputTokens: 7,
        outputTokens: 100,
        costNanoUsd: null,
        providerCostNanoUsd: 50,
      },
    ]);
  });

  it('leaves nothing of a correction that is corrected again', () => {
    const [, rebooked] = correctionOf(booked, truth);
    const [reversal, again] = correctionOf(rebooked, booked);
    expect(reversal).toMatchObject({ sequence: 4, status: 'ok', providerCostNanoUsd: -50 });
    expect(again).toMatchObject({ sequence: 5, status: 'interrupted', inputTokens: 10 });
    expect(Object.values(reversal).some((value) => Object.is(value, -0))).toBe(false);
  });
});
