/** What an audit came to: clean, findings of at least high severity, or no answer to judge by. */
export interface AuditVerdict {
  outcome: 'clean' | 'findings' | 'unanswered';
  sentence: string;
}

interface AuditReport {
  metadata?: { vulnerabilities?: Partial<Record<string, number>> };
  vulnerabilities?: Record<string, { severity?: string }>;
  message?: string;
}

/** Judges what `npm audit --json` wrote. Only a report can fail: a registry without one cannot. */
export function judgeAudit(output: string): AuditVerdict {
  const report = parseReport(output);
  const counts = report?.metadata?.vulnerabilities;
  if (counts === undefined) {
    const reason = report?.message ?? 'no report was written';
    return { outcome: 'unanswered', sentence: `npm audit got no answer: ${reason}` };
  }
  const serious = (counts['high'] ?? 0) + (counts['critical'] ?? 0);
  if (serious === 0) return { outcome: 'clean', sentence: 'npm audit: nothing of high severity' };
  const names = Object.entries(report?.vulnerabilities ?? {})
    .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
    .map(([name]) => name);
  return {
    outcome: 'findings',
    sentence: `npm audit: ${serious} of high severity or above: ${names.join(', ')}`,
  };
}

function parseReport(output: string): AuditReport | undefined {
  try {
    const report: unknown = JSON.parse(output);
    return typeof report === 'object' && report !== null ? report : undefined;
  } catch {
    return undefined;
  }
}
