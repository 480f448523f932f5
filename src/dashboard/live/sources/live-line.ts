import type { RecentLine } from '../../../common/logging/recent-lines.js';

/** A line of the log as the API shows it. */
export interface LiveLine {
  /** Counts from 1 since the process began. */
  readonly number: number;
  /** ISO 8601. */
  readonly time: string;
  readonly level: string;
  readonly message: string;
  /** What else it says. */
  readonly fields: Record<string, unknown>;
}

export function liveLine({ number, text }: RecentLine): LiveLine {
  const { time, level, message, ...fields } = JSON.parse(text) as Record<string, unknown>;
  return {
    number,
    time: String(time),
    level: String(level),
    message: typeof message === 'string' ? message : '',
    fields,
  };
}
