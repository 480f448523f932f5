import { isResponsesApi, loadSource, NATIVE_SOURCES } from './native-sources.js';
import type { NativeRecording, NativeSource } from './native-sources.js';

/** Folders whose recordings only some suites play. */
const OTHER_SOURCES: readonly NativeSource[] = [
  {
    folder: 'openai-compatible/chat',
    instance: 'compatible',
    configuration: 'type: openai-compatible',
    basePath: '/v1',
    model: 'grok-3-mini',
    framing: { done: true },
  },
  {
    folder: 'openai/responses',
    instance: 'openai-responses',
    configuration: 'type: openai',
    basePath: '/v1',
    model: 'gpt-5-mini',
    framing: { named: true },
  },
  {
    folder: 'open-responses/responses',
    instance: 'lmstudio',
    configuration: 'type: openai',
    basePath: '/v1',
    model: 'gemma-3',
    framing: { named: true },
  },
  {
    folder: 'xai/responses',
    instance: 'xai-responses',
    configuration: 'type: xai',
    basePath: '/v1',
    model: 'grok-4',
    framing: { named: true },
  },
];

/** Speaks chat and nothing else, whoever's recording it plays: what is asked in another dialect is translated. */
export const CHAT_ONLY: NativeSource = {
  folder: '',
  instance: 'chat-only',
  configuration: 'type: openai-compatible\n    preset: groq',
  basePath: '/v1',
  model: 'any',
  framing: { done: true },
};

export const EVERY_SOURCE: readonly NativeSource[] = [...NATIVE_SOURCES, ...OTHER_SOURCES];

/** Of all vendors and all their protocols; empty when there is no folder of recordings. */
export function loadEveryRecording(): NativeRecording[] {
  return EVERY_SOURCE.flatMap(loadSource).map((recording) => ({
    ...recording,
    source: sourceOf(recording),
  }));
}

/** Azure's recordings lie in two folders, and one of these holds both of its protocols. */
function sourceOf(recording: NativeRecording): NativeSource {
  const { name, source } = recording;
  const azure = EVERY_SOURCE.find(({ instance }) => instance === 'azure')!;
  const vendor = name.startsWith('openai/chat/azure-') ? azure : source;
  return isResponsesApi(recording) ? { ...vendor, framing: { named: true } } : vendor;
}
