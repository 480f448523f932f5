import { defer, map, type Observable } from 'rxjs';
import type { JsonDocument } from '../../common/json/json-document.js';
import type { ChatChunk, ChatUsage } from '../chat/chat.js';
import type { CompletionRecord } from '../completions/completions.js';
import type { Completion } from '../completions/completions-api.js';
import type { NativeDialect, NativeRequest } from '../contract/native.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import type { Target } from '../contract/target.js';
import type { UpstreamCall } from '../upstream/upstream-call.js';
import type { Upstream } from '../upstream/upstream.js';
import { convertOpenAiStream } from './convert-openai-stream.js';
import type { ChunkRepair } from './openai-stream-reader.js';
import type { AnswerReading } from './read-answer.js';
import { readTextCompletion } from './read-text-completion.js';
import { repairTextCompletion } from './repair-text-completion.js';
import { COMPLETION_TEXT } from './scan-chunk.js';

/** How one vendor has the older completions, beside its chat. */
export interface CompletionsVendor {
  readonly upstream: Upstream;
  readonly callOf: (request: NativeRequest, target: Target) => UpstreamCall;
  readonly readingOf: (target: Target) => Omit<AnswerReading, 'repair'>;
  readonly chunkRepair: (target: Target) => ChunkRepair;
  readonly isSpokenBy?: ((instance: ProviderInstance, model: string) => boolean) | undefined;
}

/**
 * The older completions of an OpenAI-compatible vendor. Their streams differ from those of chat in
 * where the text stands, so one reader reads both.
 */
export function completionsDialect(vendor: CompletionsVendor): NativeDialect<CompletionRecord> {
  const { upstream, callOf, readingOf, chunkRepair, isSpokenBy } = vendor;
  return {
    ...(isSpokenBy && { isSpokenBy }),
    answer: async (request, target) =>
      readTextCompletion(await upstream.json(callOf(request, target)), {
        ...readingOf(target),
        repair: (completion) => repairTextCompletion(completion, target),
      }),
    stream: (request, target): Observable<CompletionRecord | ChatUsage> =>
      defer(() =>
        convertOpenAiStream(upstream.events(callOf(request, target)), {
          ...readingOf(target),
          text: COMPLETION_TEXT,
          repair: chunkRepair(target),
        }).pipe(map(asRecord)),
      ),
  };
}

function asRecord(chunk: ChatChunk): CompletionRecord | ChatUsage {
  if (chunk.kind === 'usage') return chunk;
  // The reader names its chunks after chat; what is in them is what the vendor sent.
  const body = chunk.body as unknown as JsonDocument<Completion>;
  return { kind: 'record', body, usage: chunk.usage, characters: chunk.characters };
}
