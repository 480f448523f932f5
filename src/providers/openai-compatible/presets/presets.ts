import { z } from 'zod';
import type { TranslationTable } from '../../contract/translation.js';
import { RuleBook } from '../rules/rule-book.js';
import { FIREWORKS } from './fireworks.js';
import { GROQ } from './groq.js';
import { LMSTUDIO } from './lmstudio.js';
import { MISTRAL } from './mistral.js';
import { MOONSHOT } from './moonshot.js';
import { PERPLEXITY } from './perplexity.js';
import type { Preset } from './preset.js';
import { TOGETHER } from './together.js';
import { VLLM } from './vllm.js';

const PRESETS = {
  groq: GROQ,
  mistral: MISTRAL,
  together: TOGETHER,
  fireworks: FIREWORKS,
  perplexity: PERPLEXITY,
  moonshot: MOONSHOT,
  vllm: VLLM,
  lmstudio: LMSTUDIO,
} as const satisfies Record<string, Preset>;

/** In the order in which they are offered. */
export const PRESET_NAMES = Object.keys(PRESETS) as Array<keyof typeof PRESETS>;

/** What an instance of the type may set; `preset` stands beside the other members of the provider. */
export const presetSettings = z.strictObject({
  preset: z.enum(PRESET_NAMES, { error: `must be one of ${PRESET_NAMES.join(', ')}` }).optional(),
});

/** A preset and its rules, ready to be applied. */
export interface ReadyPreset extends Preset {
  readonly book: RuleBook;
}

const READY: ReadonlyMap<unknown, ReadyPreset> = new Map(
  Object.entries<Preset>(PRESETS).map(([name, preset]) => [
    name,
    { ...preset, book: new RuleBook(preset.rules) },
  ]),
);

/** The one that the settings of an instance name. */
export function findPreset(settings: Readonly<Record<string, unknown>>): ReadyPreset | undefined {
  return READY.get(settings['preset']);
}

/** What becomes of each field, which depends on the preset; without one everything is passed. */
export const PRESETS_TABLE: TranslationTable = new RuleBook({
  fields: {},
  families: PRESET_NAMES.map((name) => ({
    name: `preset ${name}`,
    models: /^$/,
    fields: PRESETS[name].rules.fields,
  })),
}).table;
