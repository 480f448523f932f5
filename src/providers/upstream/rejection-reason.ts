import type { RejectionReason } from '../contract/provider-error.js';
import type { ErrorFields } from './find-error-fields.js';

const CONTENT = /moderat|content[ _-]?(?:filter|polic|violat|management)|flagged|usage guidelines/i;

/** Names that mean nothing else. */
const TOO_LONG_CODE = /^(?:context_length_exceeded|exceed_context_size_error)$/i;

/**
 * What vendors say when the input, or the input and the output asked for, do not fit the model.
 * Few have a name for it; a mere limit on the output is not meant.
 */
const TOO_LONG = new RegExp(
  [
    'prompt is too long',
    'input is too long',
    'maximum (?:prompt|context|model|input) length',
    '(?:exceeds?|exceeded|larger than|longer than) (?:the |your |its |this )?(?:available |maximum |model.s )?context',
    'exceeds? (?:the )?model.s context',
    'exceeded model token limit',
    'exceed context limit',
    'input token count .{0,40}exceeds',
    'input length exceeds',
    '(?:prompt|input) .{0,40}too large for model',
    'longer than the maximum model length',
    '`?inputs`? tokens \\+ `?max_new_tokens`? must be',
    'too many tokens',
    'reduce the length of the (?:messages|prompt|input)',
  ].join('|'),
  'i',
);

/** The vendor says that what the request is about is the reason. */
export function isAboutContent({ moderated, code, type, message }: ErrorFields): boolean {
  return moderated === true || CONTENT.test(`${code} ${type} ${message}`);
}

/** Why a vendor found fault with a request, as far as another model may be of use. */
export function rejectionReason(fields: ErrorFields): RejectionReason | undefined {
  const { code = '', type = '', message = '' } = fields;
  if (TOO_LONG_CODE.test(code) || TOO_LONG_CODE.test(type) || TOO_LONG.test(message)) {
    return 'context_length';
  }
  return isAboutContent(fields) ? 'content_policy' : undefined;
}
