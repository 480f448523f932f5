import { isNeutral } from '../../chat/neutral-values.js';
import { isObject } from '../openai-api.js';
import { unsupported } from '../../contract/refusals.js';
import type { RequestEdit } from './request-edit.js';
import type { FieldRule, FieldRules } from './request-rules.js';

/** Applies the rules for plain members of the request, and for the forms of `response_format`. */
export function rewriteMembers(edit: RequestEdit, rules: FieldRules): void {
  for (const field in rules) {
    // `messages.name` and the like are no members.
    if (field.includes('.')) continue;
    const value = edit.get(field);
    if (value !== undefined) rewriteMember(edit, field, value, rules[field as keyof FieldRules]);
  }
  const format = edit.get('response_format');
  if (!isObject(format) || typeof format['type'] !== 'string') return;
  const form = `response_format.${format['type']}`;
  rewriteForm(edit, form, 'response_format', rules[form as keyof FieldRules]);
}

function rewriteMember(
  edit: RequestEdit,
  field: string,
  value: unknown,
  rule: FieldRule | undefined,
): void {
  switch (rule?.kind) {
    case 'drop':
      if (!isNeutral(field, value)) edit.note(field, 'dropped');
      return edit.remove(field);
    case 'refuse':
      if (!isNeutral(field, value)) throw unsupported(field);
      return edit.remove(field);
    case 'rename':
      if (value === null) return edit.remove(field);
      edit.note(field, 'mapped');
      // Somebody who gives both means the vendor's own.
      return edit.get(rule.to) == null ? edit.rename(field, rule.to) : edit.remove(field);
    case 'convert':
      return value === null ? undefined : rule.convert(edit, value, field);
    default:
  }
}

/** One of the forms that a member can have. */
export function rewriteForm(
  edit: RequestEdit,
  form: string,
  member: string,
  rule: FieldRule | undefined,
): void {
  switch (rule?.kind) {
    case 'drop':
      edit.note(form, 'dropped', member);
      return edit.remove(member);
    case 'refuse':
      throw unsupported(member);
    case 'rename':
      edit.note(form, 'mapped', member);
      return edit.set(member, rule.to);
    case 'convert':
      return rule.convert(edit, edit.get(member), form);
    default:
  }
}
