import { describe, expect, it } from 'vitest';
import { judgeAudit } from './judge-audit.ts';

describe(judgeAudit.name, () => {
  it('passes a report without anything serious', () => {
    const report = { metadata: { vulnerabilities: { low: 2, moderate: 1, high: 0, critical: 0 } } };
    expect(judgeAudit(JSON.stringify(report)).outcome).toBe('clean');
  });

  it('fails on a finding of high severity and names the package', () => {
    const report = {
      metadata: { vulnerabilities: { high: 1, critical: 1 } },
      vulnerabilities: {
        tar: { severity: 'high' },
        qs: { severity: 'low' },
        left: { severity: 'critical' },
      },
    };
    expect(judgeAudit(JSON.stringify(report))).toEqual({
      outcome: 'findings',
      sentence: 'npm audit: 2 of high severity or above: tar, left',
    });
  });

  it('reports a registry without an audit endpoint', () => {
    const answer = { message: '405 Method Not Allowed', statusCode: 405, error: {} };
    expect(judgeAudit(JSON.stringify(answer))).toEqual({
      outcome: 'unanswered',
      sentence: 'npm audit got no answer: 405 Method Not Allowed',
    });
  });

  it.each(['', 'null', '<html>', '[]'])('reports an answer that is not a report: %j', (output) => {
    expect(judgeAudit(output).outcome).toBe('unanswered');
  });
});
