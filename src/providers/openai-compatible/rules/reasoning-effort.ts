import type { FieldRule } from './request-rules.js';

/** For vendors that take the effort as a member of `reasoning`; what the client says there wins. */
export const EFFORT_IN_REASONING: FieldRule = {
  kind: 'convert',
  outcomes: ['mapped'],
  note: 'as reasoning.effort',
  convert: (edit, value, field) => {
    edit.note(field, 'mapped');
    edit.remove(field);
    if (edit.get('reasoning') === undefined) edit.set('reasoning', { effort: value });
  },
};
