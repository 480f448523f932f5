import { DatabaseSync } from 'node:sqlite';
import { Random } from '../random.ts';

export interface Filling {
  readonly requests: number;
  readonly days: number;
  readonly seed: number;
}

/** What the questions of the bench ask about. */
export interface Filled {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly commonClient: string;
  /** Has a handful of requests. */
  readonly rareClient: string;
  readonly someRequest: string;
}

const DAY_MS = 86_400_000;
const BATCH = 5_000;
const CLIENTS = 40;
const KEYS_PER_CLIENT = 2;
const MODELS_PER_CLIENT = 3;
const MODELS = [
  ['openai', 'gpt-5-mini'],
  ['openai', 'gpt-5'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['anthropic', 'claude-haiku-4-5'],
  ['gemini', 'gemini-2.5-flash'],
  ['gemini', 'gemini-2.5-pro'],
  ['deepseek', 'deepseek-chat'],
  ['openrouter', 'meta-llama/llama-3.3-70b-instruct'],
] as const;
const RARE_CLIENT = 'client_rare';

const COLUMNS = [
  'request_id',
  'sequence',
  'kind',
  'status',
  'requests',
  'created_at',
  'recorded_at',
  'process_id',
  'client_id',
  'api_key_id',
  'dialect',
  'requested_model',
  'provider',
  'model',
  'stream',
  'attempts',
  'legs',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'cache_write_1h_tokens',
  'input_audio_tokens',
  'input_image_tokens',
  'output_tokens',
  'reasoning_tokens',
  'output_audio_tokens',
  'web_searches',
  'cost_nano_usd',
  'price_id',
  'estimated',
  'cache_hit',
  'has_images',
  'latency_ms',
  'first_chunk_ms',
  'http_status',
  'error_code',
  'usage_raw',
] as const;

type Cell = string | number | null;

/**
 * Writes closed requests into the ledger of a gateway that is not running: the rows that it would
 * have written itself, over the days before now, so that its triggers keep all the rest.
 */
export function fillLedger(file: string, { requests, days, seed }: Filling): Filled {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
  const insert = database.prepare(
    `INSERT INTO usage_entries (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
  );
  const random = new Random(seed);
  const to = Date.now();
  const from = to - days * DAY_MS;
  let someRequest = '';
  for (let done = 0; done < requests; done += BATCH) {
    database.exec('BEGIN');
    for (let index = done; index < Math.min(done + BATCH, requests); index += 1) {
      const createdAt = Math.floor(from + ((to - from) * index) / requests);
      const [reserved, settled] = requestAt(createdAt, index, random);
      insert.run(...reserved);
      insert.run(...settled);
      if (index === requests >> 1) someRequest = String(settled[0]);
    }
    // As the gateway does now and then: what is pending is added to the roll-ups.
    database.exec(
      'UPDATE usage_position SET booked_up_to = (SELECT MAX(rowid) FROM usage_entries)',
    );
    database.exec('COMMIT');
  }
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return { from, to, commonClient: clientName(0), rareClient: RARE_CLIENT, someRequest };
}

function clientName(index: number): string {
  return `client_${String(index).padStart(32, '0')}`;
}

/** Some clients and models are used much more than others. */
function skewed(random: Random, count: number): number {
  return Math.floor(count * random.next() ** 3);
}

function requestAt(createdAt: number, index: number, random: Random): [Cell[], Cell[]] {
  const isRare = index % 20_011 === 7;
  const client = skewed(random, CLIENTS);
  const clientId = isRare ? RARE_CLIENT : clientName(client);
  const keyId = isRare ? 'keyrare' : `key${client}x${random.between(1, KEYS_PER_CLIENT)}`;
  // A client sticks to a few models.
  const [provider, model] = MODELS[(client + skewed(random, MODELS_PER_CLIENT)) % MODELS.length]!;
  const stream = random.chance(0.6);
  const failed = random.chance(0.02);
  const input = random.between(50, 20_000);
  const output = failed ? 0 : random.between(10, 2_000);
  // Long tails, as answers of models have them.
  const firstChunkMs = Math.round(150 * Math.exp(2 * random.next() ** 2));
  const latencyMs = firstChunkMs + Math.round(output * 15 * (0.5 + random.next()));
  const id = `req_${createdAt.toString(16).padStart(12, '0')}7${String(index).padStart(19, '0')}`;
  const legs = JSON.stringify([
    { provider, model, status: failed ? 'error' : 'ok', startedMs: 2, durationMs: latencyMs - 2 },
  ]);
  const shared = (kind: 'reserved' | 'settled'): Record<(typeof COLUMNS)[number], Cell> => ({
    request_id: id,
    sequence: kind === 'reserved' ? 0 : 1,
    kind,
    status: kind === 'reserved' ? 'open' : failed ? 'error' : 'ok',
    requests: kind === 'reserved' ? 0 : 1,
    created_at: createdAt,
    recorded_at: createdAt + (kind === 'reserved' ? 0 : latencyMs),
    process_id: '00000000-0000-4000-8000-000000000000',
    client_id: clientId,
    api_key_id: keyId,
    dialect: 'chat',
    requested_model: `${provider}/${model}`,
    provider,
    model,
    stream: Number(stream),
    attempts: kind === 'reserved' ? 0 : 1,
    legs: kind === 'reserved' ? null : legs,
    input_tokens: input,
    cached_input_tokens: kind === 'reserved' ? 0 : input >> 2,
    cache_write_tokens: 0,
    cache_write_1h_tokens: 0,
    input_audio_tokens: 0,
    input_image_tokens: 0,
    output_tokens: kind === 'reserved' ? 0 : output,
    reasoning_tokens: kind === 'reserved' ? 0 : output >> 3,
    output_audio_tokens: 0,
    web_searches: 0,
    cost_nano_usd: kind === 'reserved' ? null : input * 150 + output * 600,
    price_id: null,
    estimated: Number(random.chance(0.01)),
    cache_hit: 0,
    has_images: Number(index % 50_021 === 3),
    latency_ms: kind === 'reserved' ? null : latencyMs,
    first_chunk_ms: kind === 'reserved' || !stream ? null : firstChunkMs,
    http_status: kind === 'reserved' ? null : failed ? 502 : 200,
    error_code: kind === 'reserved' || !failed ? null : 'upstream_error',
    usage_raw:
      kind === 'reserved'
        ? null
        : `{"prompt_tokens":${input},"completion_tokens":${output},"total_tokens":${input + output},"prompt_tokens_details":{"cached_tokens":${input >> 2}}}`,
  });
  const cells = (kind: 'reserved' | 'settled') => {
    const row = shared(kind);
    return COLUMNS.map((column) => row[column]);
  };
  return [cells('reserved'), cells('settled')];
}
