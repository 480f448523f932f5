import type { LoggerService } from '@nestjs/common';
import { Logger, PinoLogger } from 'nestjs-pino';
import { destination, stdTimeFunctions, type DestinationStream } from 'pino';
import { allowedFields } from './log-fields.js';

/** Standard error: standard output belongs to what a command answers. */
const STDERR = 2;

/** A logger that hands its lines over before the process ends. */
export interface FlushableLogger extends LoggerService {
  flush(): void;
}

/**
 * JSON lines with the allowed fields only. Written without blocking the event loop.
 * @param stream where the lines go; standard error when absent
 */
export function createLogger(level: string, stream?: DestinationStream): FlushableLogger {
  const target = stream ?? destination({ fd: STDERR, sync: false });
  const params = {
    pinoHttp: [
      {
        level,
        base: null,
        messageKey: 'message',
        timestamp: stdTimeFunctions.isoTime,
        formatters: {
          level: (label: string) => ({ level: label }),
          log: allowedFields,
        },
      },
      target,
    ] as [object, DestinationStream],
  };
  const logger: LoggerService = new Logger(new PinoLogger(params), params);
  return Object.assign(logger, {
    flush: () => {
      if ('flushSync' in target) (target as { flushSync(): void }).flushSync();
    },
  });
}
