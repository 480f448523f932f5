import { ApiProperty } from '@nestjs/swagger';
import type { RecentLines } from '../../common/logging/recent-lines.js';
import { liveLine } from '../live/sources/live-line.js';
import { LOG_LEVELS, type LogLevel, type LogQuery } from './log.query.js';

/** A line of the log. */
export class LogLineView {
  /** Counts from 1 since the process began. */
  number!: number;
  /** ISO 8601. */
  time!: string;
  level!: string;
  message!: string;
  /** What else it says. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  fields!: Record<string, unknown>;
}

/** Lines of the process that answers, newest first, as far back as it remembers. */
export class LogPage {
  items!: LogLineView[];
  /** Null on the last page. */
  nextCursor!: string | null;
}

/** The lines that are asked for. */
export function logPage(lines: RecentLines, { level, search, limit, cursor }: LogQuery): LogPage {
  const wanted = search?.toLowerCase();
  const least = LOG_LEVELS.indexOf(level);
  const items: LogLineView[] = [];
  for (const line of lines.before(cursor === undefined ? undefined : Number(cursor))) {
    if (wanted !== undefined && !line.text.toLowerCase().includes(wanted)) continue;
    const view = liveLine(line);
    if (LOG_LEVELS.indexOf(view.level as LogLevel) < least) continue;
    if (items.length === limit) return { items, nextCursor: String(items.at(-1)?.number) };
    items.push(view);
  }
  return { items, nextCursor: null };
}
