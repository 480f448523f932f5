import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Hosts, headers, members and values that only one vendor has. What the canonical form took over
 * from a vendor, such as `cache_control` and the formats of reasoning, is everybody's. The folder
 * `openai-compatible` is what vendors that speak its protocol have in common, so their counts and
 * finish reasons are read there.
 */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  anthropic: [
    'api.anthropic.com',
    'anthropic-version',
    'anthropic-beta',
    'x-api-key',
    'claude-3-',
    'input_schema',
    'tool_use_id',
    'tool_result',
    'content_block',
    'message_stop',
    'redacted_thinking',
    'budget_tokens',
    'stop_sequences',
    'disable_parallel_tool_use',
    'standard_only',
  ],
  gemini: [
    'generativelanguage.googleapis.com',
    'x-goog-api-key',
    'gemini-',
    'generateContent',
    'embedContent',
    'thoughtSignature',
    'thought_signature',
    'functionDeclarations',
    'functionCallingConfig',
    'generationConfig',
    'usageMetadata',
    'inlineData',
    'systemInstruction',
    'MAX_TOKENS',
  ],
  ollama: [
    '127.0.0.1:11434',
    "'/api/chat'",
    "'/api/embed'",
    "'/api/tags'",
    'num_ctx',
    'num_predict',
    'keep_alive',
    'done_reason',
    'prompt_eval_count',
    'gpt-oss',
  ],
  openai: ['api.openai.com', 'x-client-request-id'],
  azure: ["'api-key'", 'x-ms-client-request-id', 'api-version'],
  openrouter: ['openrouter.ai', 'http-referer', 'x-title', 'top_provider'],
  deepseek: ['api.deepseek.com', 'deepseek-', 'insufficient_system_resource'],
  xai: ['api.x.ai', 'grok-'],
  blackbox: ['blackbox.ai'],
  'openai-compatible': [
    'api.groq.com',
    'api.mistral.ai',
    'api.together',
    'api.fireworks.ai',
    'api.perplexity.ai',
    'api.moonshot.ai',
    '127.0.0.1:8000',
    '127.0.0.1:1234',
  ],
  simulated: ['simulated.invalid', 'fp_simulated', 'error-mid-stream'],
};

const ROOT = import.meta.dirname;
const SHARED: ReadonlySet<string> = new Set([
  'contract',
  'chat',
  'completions',
  'embeddings',
  'upstream',
]);

const folders = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !SHARED.has(entry.name))
  .map(({ name }) => name);

/** Everything but specs and what only they use. */
function sourcesOf(folder: string): ReadonlyArray<readonly [path: string, text: string]> {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(?:spec|contract)\.ts$/.test(file))
    .map((file) => [join(folder, file), readFileSync(join(ROOT, folder, file), 'utf8')]);
}

/** Where words of other vendors stand, as `file: word of vendor`. */
function findForeignWords(
  folder: string,
  sources: ReadonlyArray<readonly [path: string, text: string]>,
): string[] {
  return Object.entries(WORDS)
    .filter(([vendor]) => vendor !== folder)
    .flatMap(([vendor, words]) =>
      words.flatMap((word) =>
        sources
          .filter(([, text]) => text.includes(word))
          .map(([path]) => `${path}: ${word} of ${vendor}`),
      ),
    );
}

describe('words of one vendor', () => {
  it('are told for each folder', () => {
    expect(Object.keys(WORDS).toSorted()).toEqual(folders.toSorted());
  });

  it.each(folders)('stand in its own folder only: %s', (folder) => {
    expect(findForeignWords(folder, sourcesOf(folder))).toEqual([]);
  });

  it('are found where they do not belong', () => {
    expect(findForeignWords('xai', [['xai/x.ts', "host = 'api.deepseek.com'"]])).toEqual([
      'xai/x.ts: api.deepseek.com of deepseek',
    ]);
  });

  it.each(Object.entries(WORDS))('are words that %s has', (folder, words) => {
    const sources = sourcesOf(folder);
    const unused = words.filter((word) => !sources.some(([, text]) => text.includes(word)));
    expect(unused).toEqual([]);
  });
});
