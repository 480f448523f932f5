import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../../test/support/wait-until.js';
import { GatheredLines } from './gathered-lines.js';

describe(GatheredLines.name, () => {
  let folder: string;
  let fd: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'llm-proxy-lines-'));
    fd = openSync(join(folder, 'log'), 'a');
  });

  afterEach(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  const written = (): string => readFileSync(join(folder, 'log'), 'utf8');
  const line = (index: number, filler = 'é'): string => `${index} ${filler.repeat(97)}\n`;

  it('hands over everything, in order, when it is flushed', () => {
    const lines = new GatheredLines(fd);
    const all = Array.from({ length: 1000 }, (_, index) => line(index));
    for (const each of all) lines.write(each);
    lines.flush();
    expect(written()).toBe(all.join(''));
  });

  it('keeps a line that is larger than everything that it gathers', () => {
    const lines = new GatheredLines(fd);
    const large = line(1, 'x'.repeat(1000));
    lines.write(line(0));
    lines.flush();
    lines.write(large);
    lines.flush();
    return waitUntil(() => written() === line(0) + large, 'the large line');
  });

  it('writes by itself what nobody flushes', async () => {
    const lines = new GatheredLines(fd);
    lines.write(line(0));
    await waitUntil(() => written() === line(0), 'the line');
  });
});
