import { ANTHROPIC_VENDOR } from '../../src/providers/anthropic/anthropic-answers.contract.js';
import type { HttpVendor } from '../../src/providers/contract/describe-provider.contract.js';
import { GEMINI_VENDOR } from '../../src/providers/gemini/gemini-answers.contract.js';
import { OPENAI_VENDOR } from '../../src/providers/openai-compatible/openai-answers.contract.js';
import type { FaultScript } from './fault-script.js';
import type { FaultUpstream, RecordedRequest } from './fault-upstream.js';

/** Vendors of three protocols, and where each of them is in a request. */
export interface PlayedVendor {
  /** Of the instance and of its type. */
  readonly type: 'openai' | 'anthropic' | 'gemini';
  readonly vendor: HttpVendor;
  /** Below the upstream's own URL. */
  readonly basePath: string;
}

export const PLAYED_VENDORS: readonly PlayedVendor[] = [
  { type: 'openai', vendor: OPENAI_VENDOR, basePath: '/v1' },
  { type: 'anthropic', vendor: ANTHROPIC_VENDOR, basePath: '' },
  { type: 'gemini', vendor: GEMINI_VENDOR, basePath: '/v1beta' },
];

export const PLAYED_MODEL = 'claude-sonnet-4-5';
export const PROVIDER_KEY = 'sk-played-vendor-0123456789';

/** An instance of each vendor and prices for its model, all of them at one upstream. */
export function playedConfiguration(upstream: FaultUpstream, more: object = {}): string {
  return JSON.stringify({
    providers: PLAYED_VENDORS.map(({ type, basePath }) => ({
      name: type,
      type,
      baseUrl: `${upstream.url}/${type}${basePath}`,
      apiKey: PROVIDER_KEY,
      retries: { maxAttempts: 1 },
      // A refusal that a test plays says nothing of the next test.
      limits: { adaptive: false },
      disconnect: 'cancel',
    })),
    prices: PLAYED_VENDORS.map(({ type }) => ({
      model: `${type}/${PLAYED_MODEL}`,
      input: 1,
      cachedInput: 0.1,
      output: 2,
    })),
    ...more,
  });
}

/** Calls tools where it is offered some, and answers with a text when it has their results. */
export function playVendor(request: RecordedRequest): FaultScript {
  const played = PLAYED_VENDORS.find(({ type }) => request.path.startsWith(`/${type}/`));
  if (played === undefined) return { status: 404, body: {} };
  const body = JSON.parse(request.body) as { stream?: boolean; tools?: unknown[] };
  const hasResults = /"(?:tool_result|functionResponse|tool_call_id)"/.test(request.body);
  const { vendor } = played;
  const answer = body.tools !== undefined && !hasResults ? vendor.tools : vendor.text;
  const isStream = body.stream === true || request.path.includes(':streamGenerateContent');
  return isStream ? { ...answer.stream, cut: 'per-event' } : { body: answer.unary };
}
