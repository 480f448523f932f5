import { CHAT_FIELDS, type ChatField } from '../chat/chat-fields.js';
import type { ProviderError } from './provider-error.js';
import { unsupported } from './refusals.js';

/**
 * What became of a part of a request on its way to a vendor, from best to worst.
 *
 * - `passed`: the vendor takes it as it is
 * - `mapped`: the vendor has the same under another name or form; nothing is lost
 * - `emulated`: the vendor lacks it; the proxy does the same by other means
 * - `approximated`: the vendor gets something near it, such as a clamped value
 * - `dropped`: the vendor does not get it
 */
export const TRANSLATION_OUTCOMES = [
  'passed',
  'mapped',
  'emulated',
  'approximated',
  'dropped',
] as const;

export type TranslationOutcome = (typeof TRANSLATION_OUTCOMES)[number];

/** What a provider type does with a field: always the same, or one of several, and on what it depends. */
export type FieldTranslation =
  TranslationOutcome | { readonly outcomes: readonly TranslationOutcome[]; readonly note: string };

/** A provider type's answer for every documented field; the source of `docs/reference/translation.md`. */
export type TranslationTable = Readonly<Record<ChatField, FieldTranslation>>;

/** A table of what is said of each field. */
export function createTranslationTable(
  outcomeOf: (field: ChatField) => FieldTranslation,
): TranslationTable {
  const entries = CHAT_FIELDS.map((field) => [field, outcomeOf(field)] as const);
  return Object.fromEntries(entries) as TranslationTable;
}

/** Longer reports are cut in headers and rows; nobody reads more. */
const MAX_ENTRIES = 50;
const UNSAFE_IN_A_HEADER = /[^A-Za-z0-9_.\-[\]]/g;
const MAX_NAME_LENGTH = 64;

/**
 * What became of one request on its way to one target. Converters note what was not simply passed,
 * before anything is sent.
 */
export class TranslationReport {
  /** Made for the first note: most requests need none. */
  #outcomes: Map<string, TranslationOutcome> | undefined;

  /** @param strict refuses what would be approximated or dropped */
  constructor(readonly strict = false) {}

  /**
   * The worst outcome of a field counts. `path` says where in the body it stands, such as
   * `messages[2].content[0].image_url`; the field's own name when absent.
   * @throws ProviderError `rejected` with that path as `param`, in strict mode
   */
  note(field: string, outcome: TranslationOutcome, path: string = field): void {
    if (outcome === 'passed') return;
    if (this.strict && (outcome === 'approximated' || outcome === 'dropped')) {
      throw lossOf(path, outcome);
    }
    const outcomes = (this.#outcomes ??= new Map<string, TranslationOutcome>());
    const known = outcomes.get(field);
    if (known === undefined || rank(outcome) > rank(known)) outcomes.set(field, outcome);
  }

  outcomeOf(field: string): TranslationOutcome {
    return this.#outcomes?.get(field) ?? 'passed';
  }

  /** `reasoning_effort=mapped,seed=dropped`; empty when everything was passed. */
  toString(): string {
    if (this.#outcomes === undefined) return '';
    return [...this.#outcomes]
      .slice(0, MAX_ENTRIES)
      .map(([field, outcome]) => `${printable(field)}=${outcome}`)
      .join(',');
  }
}

function rank(outcome: TranslationOutcome): number {
  return TRANSLATION_OUTCOMES.indexOf(outcome);
}

/** Names that the proxy does not know are the caller's own words. */
function printable(field: string): string {
  return field.slice(0, MAX_NAME_LENGTH).replace(UNSAFE_IN_A_HEADER, '_');
}

function lossOf(path: string, outcome: TranslationOutcome): ProviderError {
  const what = outcome === 'dropped' ? 'cannot be carried over to' : 'can only be approximated for';
  return unsupported(
    path,
    `${what} the provider of this model, and the request asks for a strict translation`,
  );
}
