import { ApiError } from '../../common/errors/api-error.js';
import { isEmailAddress } from '../../common/net/email-address.js';

const MAXIMUM_NAME_LENGTH = 100;

/** The address in the form that it is stored and compared in; throws `invalid_value` when it is none. */
export function parseEmail(email: string): string {
  const address = normalEmail(email);
  if (isEmailAddress(address)) return address;
  throw new ApiError('invalid_value', 'email must be an e-mail address.', { param: 'email' });
}

/** As `parseEmail`, for a text that may be anything. */
export function normalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/** The name without surrounding blanks; throws `invalid_value` when it is empty, too long or unprintable. */
export function parseUserName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= MAXIMUM_NAME_LENGTH && !/\p{Cc}/u.test(trimmed)) {
    return trimmed;
  }
  const rule = `name must have 1 to ${MAXIMUM_NAME_LENGTH} printable characters.`;
  throw new ApiError('invalid_value', rule, { param: 'name' });
}
