import { spawnSync } from 'node:child_process';
import { judgeAudit } from './judge-audit.ts';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], {
  encoding: 'utf8',
  timeout: 120_000,
  maxBuffer: 64 * 1024 * 1024,
});
const verdict = judgeAudit(stdout ?? '');
console.log(verdict.sentence);
process.exitCode = verdict.outcome === 'findings' ? 1 : 0;
