import { InvalidArgumentError } from 'commander';
import { isTimeZone } from '../common/time/time-zone.js';
import { ApiError } from '../common/errors/api-error.js';
import { LONGEST_QUEUE_MS } from '../config/file-values.js';
import { ENDPOINTS, type Endpoint } from '../config/endpoints.js';
import { MAX_CONCURRENT, MAX_PER_MINUTE } from '../config/limit-values.js';
import { BUDGET_PERIODS, type BudgetPeriod } from '../limits/rules/budget-rule.js';
import { parseUsd } from '../limits/rules/parse-budget-amount.js';
import { parseDuration } from './duration.js';

/** Parsers of the options of limits and budgets; what they throw is shown together with the option's name. */

export const parsePerMinute = (text: string): number => parseWhole(text, 0, MAX_PER_MINUTE);
export const parseConcurrent = (text: string): number => parseWhole(text, 0, MAX_CONCURRENT);

export function parseEndpoint(text: string): Endpoint {
  return oneOf(ENDPOINTS, text);
}

export function parsePeriod(text: string): BudgetPeriod {
  return oneOf(BUDGET_PERIODS, text);
}

/** Nano-USD. */
export function parseUsdArgument(text: string): number {
  try {
    return parseUsd(text, 'It');
  } catch (error) {
    if (error instanceof ApiError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

export function parseTimeZone(text: string): string {
  if (!isTimeZone(text)) throw new InvalidArgumentError('Give a name such as Europe/Berlin.');
  return text;
}

/** Percentages, ascending and each once. */
export function parsePercents(text: string): number[] {
  const percents = text.split(',').map((part) => parseWhole(part.trim(), 1, 100));
  return [...new Set(percents)].toSorted((one, other) => one - other);
}

/** Milliseconds. */
export function parseQueueTime(text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined || duration > LONGEST_QUEUE_MS) {
    throw new InvalidArgumentError('Give 0 or a time up to 1h, such as 10s.');
  }
  return duration;
}

function parseWhole(text: string, min: number, max: number): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
}

function oneOf<const Name extends string>(names: readonly Name[], text: string): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Give one of ${names.join(', ')}.`);
}
