import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type DestinationStream, type Level } from 'pino';
import { GatheredLines } from './gathered-lines.js';
import { copyAllowedFields, loggedError } from './log-fields.js';
import { recentLines } from './recent-lines.js';

/** Standard error: standard output belongs to what a command answers. */
const STDERR = 2;

/** Nest's own account of its start, of use only to somebody who looks for a fault in it. */
const FRAMEWORK_CONTEXTS: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'NestApplication',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

/** A logger that hands its lines over before the process ends. */
export interface FlushableLogger extends LoggerService {
  flush(): void;
}

/**
 * JSON lines with the allowed fields only, written without blocking the event loop. A message is
 * a text or an object with a `message`; Nest's `Logger` adds the context.
 * @param stream where the lines go; standard error when absent
 */
export function createLogger(level: string, stream?: DestinationStream): FlushableLogger {
  const target = stream ?? new GatheredLines(STDERR);
  const tapped: DestinationStream = {
    write: (line) => {
      recentLines.add(line);
      target.write(line);
    },
  };
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      // It is made of what may be said already.
      serializers: { err: (err: unknown) => err },
      formatters: { level: (label) => ({ level: label }) },
    },
    tapped,
  );
  const write = (lineLevel: Level, message: unknown, parameters: unknown[]): void => {
    const context = parameters.at(-1);
    const isFramework = lineLevel === 'info' && FRAMEWORK_CONTEXTS.has(context);
    logger[isFramework ? 'debug' : lineLevel](lineOf(message, context));
  };
  return {
    log: (message: unknown, ...parameters: unknown[]) => write('info', message, parameters),
    warn: (message: unknown, ...parameters: unknown[]) => write('warn', message, parameters),
    error: (message: unknown, ...parameters: unknown[]) => write('error', message, parameters),
    fatal: (message: unknown, ...parameters: unknown[]) => write('fatal', message, parameters),
    debug: (message: unknown, ...parameters: unknown[]) => write('debug', message, parameters),
    verbose: (message: unknown, ...parameters: unknown[]) => write('trace', message, parameters),
    flush: () => {
      if (target instanceof GatheredLines) target.flush();
    },
  };
}

/** Only the fields that a line may have, whatever was given. */
function lineOf(message: unknown, context: unknown): Record<string, unknown> {
  const line: Record<string, unknown> = { context };
  if (message instanceof Error) {
    line['message'] = message.message;
    line['err'] = loggedError(message);
  } else if (typeof message === 'object' && message !== null) {
    copyAllowedFields(message as Record<string, unknown>, line);
  } else {
    line['message'] = String(message);
  }
  return line;
}
