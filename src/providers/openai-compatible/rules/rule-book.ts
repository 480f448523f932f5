import type { JsonDocument } from '../../../common/json/json-document.js';
import type { ChatCompletionRequest } from '../../chat/chat-api.js';
import type { ChatField } from '../../chat/chat-fields.js';
import { isNeutral, OFTEN_NEUTRAL } from '../../chat/neutral-values.js';
import type { Target } from '../../contract/target.js';
import {
  createTranslationTable,
  type FieldTranslation,
  type TranslationOutcome,
  type TranslationTable,
} from '../../contract/translation.js';
import { RequestEdit } from './request-edit.js';
import type { FieldRule, FieldRules, RequestRules } from './request-rules.js';
import { rewriteMembers } from './rewrite-members.js';
import { rewriteMessages } from './rewrite-messages.js';
import { rewriteTools } from './rewrite-tools.js';

/** The rules of one endpoint: applies them, and says in a table what they do. */
export class RuleBook {
  readonly table: TranslationTable;
  /** By the families that hold, as there are few combinations of them. */
  readonly #byFamilies = new Map<string, FieldRules>();

  constructor(private readonly rules: RequestRules) {
    this.table = tableOf(rules);
  }

  /**
   * JSON text of the request as the endpoint wants it; the client's own when nothing differs.
   * `model` decides about families, where the target's name for it does not.
   */
  rewrite(
    body: JsonDocument<ChatCompletionRequest>,
    target: Target,
    model: string = target.model,
  ): string {
    const edit = new RequestEdit(body, target);
    const fields = this.#rulesFor(model);
    rewriteTools(edit, fields);
    // Ahead of the members, whose rules may add a message: paths are those of the client.
    rewriteMessages(edit, fields);
    rewriteMembers(edit, fields);
    this.rules.complete?.(edit);
    return edit.text;
  }

  #rulesFor(model: string): FieldRules {
    const { fields, families } = this.rules;
    if (families === undefined) return fields;
    const holding = families.filter(({ models }) => models.test(model));
    const key = holding.map(({ name }) => name).join();
    let rules = this.#byFamilies.get(key);
    if (!rules) {
      rules = holding.reduce((all, family) => ({ ...all, ...family.fields }), fields);
      this.#byFamilies.set(key, rules);
    }
    return rules;
  }
}

function tableOf({ fields, families = [] }: RequestRules): TranslationTable {
  return createTranslationTable((field) => {
    const special = families.filter((family) => family.fields[field] !== undefined);
    const general = declare(field, fields[field]);
    if (special.length === 0) return general;
    const each = special.map((family) => ({
      name: family.name,
      declared: expand(declare(field, family.fields[field])),
    }));
    const base = expand(general);
    const notes = [
      base.note,
      ...each.map(({ name, declared }) => `${name}: ${declared.note || declared.outcomes[0]}`),
    ];
    const outcomes = new Set([
      ...base.outcomes,
      ...each.flatMap(({ declared }) => declared.outcomes),
    ]);
    return { outcomes: [...outcomes], note: notes.filter(Boolean).join('; ') };
  });
}

function declare(field: ChatField, rule: FieldRule | undefined): FieldTranslation {
  switch (rule?.kind) {
    case undefined:
    case 'pass':
      return 'passed';
    case 'drop':
      return isNeutral(field, OFTEN_NEUTRAL[field] ?? 'said')
        ? { outcomes: ['passed', 'dropped'], note: `only ${JSON.stringify(OFTEN_NEUTRAL[field])}` }
        : 'dropped';
    case 'refuse':
      return { outcomes: ['dropped'], note: 'refused' };
    case 'rename':
      return { outcomes: ['mapped'], note: `as ${rule.to}` };
    case 'convert':
    case 'message':
      return { outcomes: rule.outcomes, note: rule.note };
  }
}

function expand(declared: FieldTranslation): {
  outcomes: readonly TranslationOutcome[];
  note: string;
} {
  return typeof declared === 'string' ? { outcomes: [declared], note: '' } : declared;
}
