import type { ChatMessage } from '../../chat/chat-api.js';
import type { ChatField } from '../../chat/chat-fields.js';
import type { TranslationOutcome } from '../../contract/translation.js';
import type { RequestEdit } from './request-edit.js';

/**
 * What becomes of one field on its way to an endpoint that does not take it as it is.
 *
 * - `pass`: it does, for this family of models
 * - `drop`: left out; nothing is noted when it said what holds anyway
 * - `refuse`: nobody could do without it, so the request ends here with a 400
 * - `rename`: the same under another name: of the member, the role, the choice
 * - `convert`: anything else, for members of the request
 * - `message`: anything else, for each message
 */
export type FieldRule =
  | { readonly kind: 'pass' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'rename'; readonly to: string }
  | ({
      readonly kind: 'convert';
      readonly convert: (edit: RequestEdit, value: unknown, field: string) => void;
    } & Declaration)
  | ({
      readonly kind: 'message';
      /** Returns the message itself when nothing has to change. */
      readonly convert: (message: ChatMessage, edit: RequestEdit, path: string) => ChatMessage;
    } & Declaration);

interface Declaration {
  readonly outcomes: readonly TranslationOutcome[];
  /** For the reference: on what the outcome depends. */
  readonly note: string;
}

export type FieldRules = Readonly<Partial<Record<ChatField, FieldRule>>>;

/** Models that want some fields otherwise than the vendor's others. */
export interface ModelFamily {
  /** For the reference, such as `reasoning models`. */
  readonly name: string;
  readonly models: RegExp;
  readonly fields: FieldRules;
}

/** How an endpoint differs from the canonical form; what is not named is passed. */
export interface RequestRules {
  readonly fields: FieldRules;
  /** All that match a model hold; a later one wins over an earlier one. */
  readonly families?: readonly ModelFamily[];
  /** What else the vendor wants in every request. */
  readonly complete?: (edit: RequestEdit) => void;
}

export const PASS: FieldRule = { kind: 'pass' };
export const DROP: FieldRule = { kind: 'drop' };
export const REFUSE: FieldRule = { kind: 'refuse' };

export function renameTo(to: string): FieldRule {
  return { kind: 'rename', to };
}

/** The vendor has other words for some values of a member; undefined leaves the member out. */
export function replaceValues(
  values: Readonly<Record<string, readonly [string | undefined, TranslationOutcome]>>,
): FieldRule {
  const outcomes = [...new Set(Object.values(values).map(([, outcome]) => outcome))];
  return {
    kind: 'convert',
    outcomes: ['passed', ...outcomes],
    note: describeValues(values),
    convert: (edit, value, field) => {
      if (typeof value !== 'string' || !Object.hasOwn(values, value)) return;
      const [replacement, outcome] = values[value] as readonly [string | undefined, never];
      edit.note(field, outcome);
      if (replacement === undefined) edit.remove(field);
      else edit.set(field, replacement);
    },
  };
}

/** The vendor takes only so much of a number. */
export function limitTo(max: number): FieldRule {
  return {
    kind: 'convert',
    outcomes: ['passed', 'approximated'],
    note: `at most ${max}`,
    convert: (edit, value, field) => {
      if (typeof value !== 'number' || value <= max) return;
      edit.note(field, 'approximated');
      edit.set(field, max);
    },
  };
}

function describeValues(
  values: Readonly<Record<string, readonly [string | undefined, TranslationOutcome]>>,
): string {
  return Object.entries(values)
    .map(([from, [to, outcome]]) => (to === undefined ? `${from} ${outcome}` : `${from} as ${to}`))
    .join(', ');
}
