import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createDeepSeek } from '@ai-sdk/deepseek';
import { createGoogle } from '@ai-sdk/google';
import { createGroq } from '@ai-sdk/groq';
import { createMistral } from '@ai-sdk/mistral';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createPerplexity } from '@ai-sdk/perplexity';
import type { FaultScript } from '../support/fault-script.js';
import type { NativeModel } from './native-reading.js';
import { RECORDINGS_DIR } from './recordings.js';

/**
 * A vendor's recordings, how the gateway is told of the vendor, and the client that knows it best.
 */
export interface NativeSource {
  readonly folder: string;
  readonly instance: string;
  /** Lines of the instance in the configuration file, besides name, URL and key. */
  readonly configuration: string;
  /** Of the upstream's origin, as the gateway calls it. */
  readonly basePath: string;
  /** Any model of the vendor's; the recording answers whatever is asked. */
  readonly model: string;
  /** How the vendor frames the events of a stream. */
  readonly framing: Pick<FaultScript, 'named' | 'done'>;
  /** The provider's id in the price data, and the form of its answers there. */
  readonly priceData?: { readonly provider: string; readonly flavor?: string };
  /** Absent where the vendor's own client speaks another protocol. */
  readonly connect?: (baseUrl: string, model: string) => NativeModel;
}

const KEY = 'sk-native-0123456789abcdefghijklmnopqrst';
const openAiLike = { basePath: '/v1', framing: { done: true } } as const;

function compatible(name: string) {
  return (baseURL: string, model: string): NativeModel =>
    createOpenAICompatible({ name, baseURL, apiKey: KEY, includeUsage: true })(model);
}

export const NATIVE_SOURCES: readonly NativeSource[] = [
  {
    folder: 'anthropic',
    instance: 'anthropic',
    configuration: 'type: anthropic',
    basePath: '',
    model: 'claude-sonnet-4-5',
    framing: { named: true },
    priceData: { provider: 'anthropic' },
    connect: (origin, model) => createAnthropic({ baseURL: `${origin}/v1`, apiKey: KEY })(model),
  },
  {
    folder: 'google',
    instance: 'gemini',
    configuration: 'type: gemini',
    basePath: '/v1beta',
    model: 'gemini-3-pro-preview',
    framing: {},
    priceData: { provider: 'google' },
    connect: (baseURL, model) => createGoogle({ baseURL, apiKey: KEY })(model),
  },
  {
    ...openAiLike,
    folder: 'openai/chat',
    instance: 'openai',
    configuration: 'type: openai',
    model: 'gpt-4o-mini',
    priceData: { provider: 'openai', flavor: 'chat' },
    connect: (baseURL, model) => createOpenAI({ baseURL, apiKey: KEY }).chat(model),
  },
  {
    ...openAiLike,
    folder: 'deepseek/chat',
    instance: 'deepseek',
    configuration: 'type: deepseek',
    model: 'deepseek-chat',
    priceData: { provider: 'deepseek', flavor: 'chat' },
    connect: (baseURL, model) => createDeepSeek({ baseURL, apiKey: KEY })(model),
  },
  {
    ...openAiLike,
    folder: 'xai',
    instance: 'xai',
    configuration: 'type: xai',
    model: 'grok-3-mini',
    priceData: { provider: 'x-ai', flavor: 'chat' },
  },
  {
    ...openAiLike,
    folder: 'groq',
    instance: 'groq',
    configuration: 'type: openai-compatible\n    preset: groq',
    model: 'llama-3.3-70b-versatile',
    priceData: { provider: 'groq', flavor: 'default' },
    connect: (baseURL, model) => createGroq({ baseURL, apiKey: KEY })(model),
  },
  {
    ...openAiLike,
    folder: 'mistral',
    instance: 'mistral',
    configuration: 'type: openai-compatible\n    preset: mistral',
    model: 'mistral-small-latest',
    priceData: { provider: 'mistral', flavor: 'default' },
    connect: (baseURL, model) => createMistral({ baseURL, apiKey: KEY })(model),
  },
  {
    ...openAiLike,
    folder: 'perplexity',
    instance: 'perplexity',
    configuration: 'type: openai-compatible\n    preset: perplexity',
    model: 'sonar',
    priceData: { provider: 'perplexity', flavor: 'default' },
    connect: (baseURL, model) => createPerplexity({ baseURL, apiKey: KEY })(model),
  },
  {
    ...openAiLike,
    folder: 'moonshotai',
    instance: 'moonshot',
    configuration: 'type: openai-compatible\n    preset: moonshot',
    model: 'kimi-k2-0905-preview',
    // The price data does not read the cached tokens where this vendor tells them.
    connect: compatible('moonshot'),
  },
  {
    ...openAiLike,
    folder: 'alibaba',
    instance: 'alibaba',
    configuration: 'type: openai-compatible',
    model: 'qwen-plus',
    connect: compatible('alibaba'),
  },
  {
    ...openAiLike,
    folder: 'azure',
    instance: 'azure',
    configuration: 'type: azure',
    model: 'deepseek-v4-pro',
    priceData: { provider: 'azure', flavor: 'chat' },
    connect: compatible('azure'),
  },
];

/** Answers of other APIs, and recordings of what is no answer. */
const NOT_CHAT = [
  /transcription/,
  /embedding/,
  /-error\.json$/,
  /^google-429/,
  /web-fetch-tool\.error/,
];

/** What the vendor's own client cannot read either. */
export const UNREADABLE: ReadonlySet<string> = new Set([
  'anthropic/spliced-message-start.chunks.txt',
]);

export interface NativeRecording {
  readonly name: string;
  readonly source: NativeSource;
  readonly stream: boolean;
  /** The records of a stream, or the whole body as the one element. */
  readonly texts: readonly string[];
}

/** Empty when there is no folder of recordings. */
export function loadNativeRecordings(): NativeRecording[] {
  return NATIVE_SOURCES.flatMap(loadSource).filter((recording) => !isResponsesApi(recording));
}

/** All of a folder's, also those of the vendor's Responses API. */
export function loadSource(source: NativeSource): NativeRecording[] {
  const folder = join(RECORDINGS_DIR, source.folder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !NOT_CHAT.some((pattern) => pattern.test(entry.name)))
    .flatMap((entry) => loadNativeRecordingsOf(source, entry.name));
}

const LAST_EVENT = /^\{"type":"(?:message_stop|response\.completed)"/;

/** Some files hold several messages of one conversation, one after the other. */
function loadNativeRecordingsOf(source: NativeSource, file: string): NativeRecording[] {
  const text = readFileSync(join(RECORDINGS_DIR, source.folder, file), 'utf8');
  const name = `${source.folder}/${file}`;
  if (!file.endsWith('.chunks.txt')) return [{ name, source, stream: false, texts: [text] }];
  const messages: string[][] = [[]];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    messages.at(-1)?.push(line);
    if (LAST_EVENT.test(line)) messages.push([]);
  }
  const whole = messages.filter((lines) => lines.length > 0);
  return whole.map((texts, index) => ({
    name: whole.length === 1 ? name : `${name} (${index + 1})`,
    source,
    stream: true,
    texts,
  }));
}

/** Another protocol of the same vendor. */
export function isResponsesApi({ texts }: NativeRecording): boolean {
  const first = JSON.parse(texts[0] ?? '{}') as { object?: string; type?: string };
  return first.object === 'response' || (first.type?.startsWith('response.') ?? false);
}
