const MAXIMUM_LENGTH = 254;

/** Enough to tell an address from a mistake; whether it exists only a mail would show. */
const FORM = /^[^\s@"(),:;<>[\\\]]+@[^\s@"(),:;<>[\\\]]+$/u;

export function isEmailAddress(text: string): boolean {
  return text.length <= MAXIMUM_LENGTH && FORM.test(text) && !/\p{Cc}/u.test(text);
}
