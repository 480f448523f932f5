import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface SuiteRun {
  exitCode: number;
  log: string;
  report?: string;
}

function count({ exitCode, log, report }: SuiteRun): string {
  const folder = mkdtempSync(join(tmpdir(), 'llm-proxy-count-'));
  try {
    writeFileSync(join(folder, 'log'), log);
    if (report !== undefined) writeFileSync(join(folder, 'report'), report);
    const files = [join(folder, 'log'), join(folder, 'report')];
    return execFileSync(process.execPath, ['.ci/count.js', String(exitCode), ...files], {
      encoding: 'utf8',
    }).trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('.ci/count.js', () => {
  it.each([
    [
      'the last summary line of a log',
      { exitCode: 0, log: '1 passed, 0 failed\n7 passed, 0 failed\n' },
      '7 0',
    ],
    ['failures', { exitCode: 1, log: 'noise\n3 passed, 2 failed\n' }, '3 2'],
    [
      'a summary inside of a sentence as none',
      { exitCode: 0, log: 'so 3 passed, 2 failed\n' },
      '0 1',
    ],
    [
      'what was left out as neither',
      { exitCode: 0, log: '4 passed, 0 failed, skipped: the Python packages\n' },
      '4 0',
    ],
    [
      'nothing where everything was left out, with a reason',
      { exitCode: 0, log: '0 passed, 0 failed, skipped: there is no Python\n' },
      '0 0',
    ],
    [
      'a suite that was not to leave anything out',
      { exitCode: 1, log: '0 passed, 0 failed, skipped: there is no Python\n' },
      '0 1',
    ],
    ['a suite that died before it counted', { exitCode: 137, log: '' }, '0 1'],
    ['a suite that died after it counted', { exitCode: 1, log: '3 passed, 0 failed\n' }, '3 1'],
    [
      'the report of Vitest rather than its log',
      { exitCode: 0, log: '1 passed, 0 failed', report: '{"numPassedTests":4,"numFailedTests":0}' },
      '4 0',
    ],
    [
      'a spec file that could not be loaded',
      { exitCode: 1, log: '', report: '{"numPassedTests":4,"numFailedTests":0}' },
      '4 1',
    ],
    [
      'a run without a single test',
      { exitCode: 0, log: '', report: '{"numPassedTests":0,"numFailedTests":0}' },
      '0 1',
    ],
  ] satisfies Array<[string, SuiteRun, string]>)('counts %s', (_, run, expected) => {
    expect(count(run)).toBe(expected);
  });

  it('refuses a report that was cut off, which .ci/run counts as a failure', () => {
    expect(() => count({ exitCode: 0, log: '', report: '{"numPassedTests":4' })).toThrow();
  });
});
