import { CHAT_FIELDS } from './chat/chat-fields.js';
import type { Provider } from './contract/provider.js';
import type { FieldTranslation } from './contract/translation.js';

const INTRODUCTION = `# What of a request reaches which provider

Generated from the tables in \`src/providers/*\`; a spec compares both, and the contract suite compares the tables with what the providers do.

A request written for OpenAI runs on every provider. For each part of it the answer tells what became of it, in the header \`x-llm-proxy-translation\` and in the request's row, such as \`reasoning_effort=mapped,seed=dropped\`; what is not named there was passed.

| outcome | means |
| --- | --- |
| passed | the provider takes it as it is |
| mapped | the provider has the same under another name or form; nothing is lost |
| emulated | the provider lacks it; the proxy does the same by other means |
| approximated | the provider gets something near it, such as a clamped value |
| dropped | the provider does not get it |

With \`x-llm-proxy-translation: strict\` a request that would be approximated or dropped anywhere is refused with a 400 that names the JSON path. What nobody could do without, such as a second answer from a provider that gives one, is refused in any case. Members that are not documented go along where the provider speaks OpenAI's own protocol and are reported as dropped elsewhere.`;

/** `docs/reference/translation.md`: one section per provider type, with what is not simply passed. */
export function translationReference(providers: readonly Provider[]): string {
  return [INTRODUCTION, ...providers.map(sectionOf)].join('\n\n') + '\n';
}

function sectionOf({ type, translation }: Provider): string {
  const changed = CHAT_FIELDS.filter((field) => translation[field] !== 'passed');
  const passed = CHAT_FIELDS.length - changed.length;
  if (changed.length === 0) return `## ${type}\n\nEvery field is passed.`;
  const rows = changed.map((field) => `| \`${field}\` | ${cellsOf(translation[field])} |`);
  return [
    `## ${type}`,
    passed === 0 ? '' : `${passed} of ${CHAT_FIELDS.length} fields are passed; the others:`,
    ['| field | outcome | when |', '| --- | --- | --- |', ...rows].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function cellsOf(translation: FieldTranslation): string {
  if (typeof translation === 'string') return `${translation} |`;
  return `${translation.outcomes.join(', ')} | ${translation.note.replaceAll('|', '\\|')}`;
}
