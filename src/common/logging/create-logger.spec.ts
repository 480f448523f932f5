import { describe, expect, it } from 'vitest';
import { Secret } from '../secret.js';
import { createLogger } from './create-logger.js';

function capture() {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line: string) => void lines.push(line) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) as string) };
}

describe(createLogger.name, () => {
  it('writes allowed fields and nothing else', () => {
    const { logger, last } = capture();
    logger.log({
      message: 'request settled',
      requestId: 'req_1',
      authorization: 'Bearer canary-1',
      body: 'canary-2',
      headers: { 'x-api-key': 'canary-3' },
    });
    expect(last()).toMatchObject({ message: 'request settled', requestId: 'req_1', level: 'info' });
    expect(JSON.stringify(last())).not.toContain('canary');
  });

  it('masks a secret whatever field it is put in', () => {
    const { logger, lines } = capture();
    const secret = new Secret('canary-4');
    logger.log({ message: 'x', client: secret, model: String(secret) });
    expect(lines.join('')).not.toContain('canary');
    expect(lines.join('')).toContain('[secret]');
  });

  it('writes the chain of causes of an error, without its own properties', () => {
    const { logger, last } = capture();
    const cause = Object.assign(new Error('inner'), { code: 'ECONNRESET', config: 'canary-5' });
    logger.error({ message: 'failed', err: new Error('outer', { cause }) });
    expect(last().err).toMatchObject({
      message: 'outer',
      cause: { message: 'inner', code: 'ECONNRESET' },
    });
    expect(JSON.stringify(last())).not.toContain('canary');
  });

  it('does not quote what could not be parsed', () => {
    const { logger, last } = capture();
    const parse = (): unknown => JSON.parse('canary-6');
    try {
      parse();
    } catch (cause) {
      logger.error({ message: 'failed', err: new Error('outer', { cause }) });
    }
    expect(last().err.cause).toMatchObject({
      type: 'SyntaxError',
      message: 'the text could not be parsed',
    });
    expect(JSON.stringify(last())).not.toContain('canary');
  });

  it('keeps an event on one line whatever it says', () => {
    const { logger, lines } = capture();
    logger.log({ message: 'a\nb\r\n{"level":"error"}', path: '/x\n/y' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
  });
});
