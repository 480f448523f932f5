import { InvalidArgumentError } from 'commander';
import { isKeyRole, KEY_ROLES, type KeyRole } from '../clients/key-role.js';
import { epochMsOf, isDayOrTime } from '../common/time/day-or-time.js';
import { parseDuration } from './duration.js';

/** Parsers of option values; what they throw is shown together with the option's name. */

export function parseDurationArgument(text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined)
    throw new InvalidArgumentError('Give 0 or a time such as 90s or 30d.');
  return duration;
}

/** Milliseconds, or null for `never`. */
export function parseLifetimeArgument(text: string): number | null {
  return text === 'never' ? null : parseDurationArgument(text);
}

export function parseRoleArgument(text: string): KeyRole {
  if (!isKeyRole(text)) throw new InvalidArgumentError(`Give one of ${KEY_ROLES.join(', ')}.`);
  return text;
}

export function parseListArgument(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}

/** Milliseconds since the epoch. */
export function parseTimeArgument(text: string): number {
  if (!isDayOrTime(text)) {
    throw new InvalidArgumentError('Give a day or a time such as 2026-01-31 or 2026-01-31T12:00Z.');
  }
  return epochMsOf(text);
}

/** `instance/model`, as its two parts. */
export function parseModelArgument(text: string): { instance: string; model: string } {
  const slash = text.indexOf('/');
  if (slash < 1 || slash === text.length - 1) {
    throw new InvalidArgumentError('Give instance/model.');
  }
  return { instance: text.slice(0, slash), model: text.slice(slash + 1) };
}

const DAY_MS = 86_400_000;

/** The beginning of a day of UTC, in milliseconds since the epoch. */
export function parseDayArgument(text: string): number {
  const time = isDayOrTime(text) ? epochMsOf(text) : Number.NaN;
  if (time % DAY_MS !== 0) throw new InvalidArgumentError('Give a day such as 2026-01-31.');
  return time;
}

/** Zero or more, in percent. */
export function parsePercentArgument(text: string): number {
  if (!/^\d{1,3}(\.\d{1,6})?$/.test(text))
    throw new InvalidArgumentError('Give a number such as 0.1.');
  return Number(text);
}
