import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export const RECORDINGS_DIR =
  process.env['RECORDINGS_DIR'] ?? join(PROJECT, '../shared/recordings');

/** One recorded answer of a provider's chat API. */
export interface Recording {
  /** Path below the folder of recordings. */
  readonly name: string;
  readonly source: Source;
  readonly kind: 'stream' | 'answer' | 'error';
  /** The events of a stream, or the whole body as the one element. */
  readonly texts: readonly string[];
}

/** A folder of recordings and the instance that plays that provider. */
export interface Source {
  readonly folder: string;
  readonly instance: string;
  readonly type: 'openai' | 'openai-compatible';
  /** Whether the provider counts reasoning within `completion_tokens` (wire.md §1). */
  readonly reasoningInside: boolean;
}

export const SOURCES: readonly Source[] = [
  { folder: 'openai/chat', instance: 'openai', type: 'openai', reasoningInside: true },
  // All recordings of this folder are xAI's.
  {
    folder: 'openai-compatible/chat',
    instance: 'compatible',
    type: 'openai-compatible',
    reasoningInside: false,
  },
  { folder: 'groq', instance: 'groq', type: 'openai-compatible', reasoningInside: true },
  {
    folder: 'deepseek/chat',
    instance: 'deepseek',
    type: 'openai-compatible',
    reasoningInside: true,
  },
  { folder: 'mistral', instance: 'mistral', type: 'openai-compatible', reasoningInside: true },
  { folder: 'xai', instance: 'xai', type: 'openai-compatible', reasoningInside: false },
];

/** Answers of other APIs that lie in the same folders. */
const NOT_CHAT = new Set(['mistral/mistral-transcription.json']);

/** Empty when there is no folder of recordings. */
export function loadRecordings(): Recording[] {
  return SOURCES.flatMap((source) => {
    const folder = join(RECORDINGS_DIR, source.folder);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !NOT_CHAT.has(`${source.folder}/${entry.name}`))
      .map((entry) => loadRecording(source, entry.name));
  });
}

function loadRecording(source: Source, file: string): Recording {
  const name = `${source.folder}/${file}`;
  const text = readFileSync(join(RECORDINGS_DIR, name), 'utf8');
  if (file.endsWith('.chunks.txt')) {
    const texts = text.split('\n').filter((line) => line !== '');
    return { name, source, kind: 'stream', texts };
  }
  const failed = 'error' in (JSON.parse(text) as object);
  return { name, source, kind: failed ? 'error' : 'answer', texts: [text] };
}

interface RecordedUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null;
}

/** What the ledger has to say about the call: totals, with cached and reasoning as parts of them. */
export interface ExpectedUsage {
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly cache_write_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_tokens: number;
  readonly estimated: boolean;
}

/** From the recording itself; the last usage counts when there are several. */
export function expectedUsageOf(recording: Recording): ExpectedUsage {
  const usage = recording.texts
    .map((text) => (JSON.parse(text) as { usage?: RecordedUsage | null }).usage)
    .findLast((each) => each != null);
  if (usage == null) throw new Error(`${recording.name} has no usage.`);
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? 0;
  return {
    input_tokens: usage.prompt_tokens,
    cached_input_tokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    cache_write_tokens: 0,
    output_tokens: usage.completion_tokens + (recording.source.reasoningInside ? 0 : reasoning),
    reasoning_tokens: reasoning,
    estimated: false,
  };
}
