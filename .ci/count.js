// Prints "<passed> <failed>" for one suite: count.js <exit code> <log> <vitest json>.
// Plain JavaScript without dependencies: it runs on the Node of the machine, whichever that is.
import { existsSync, readFileSync } from 'node:fs';

/**
 * Counts from Vitest's JSON report when there is one, else from the last line "N passed, N failed"
 * of the log, which may tell what was skipped. A suite that exited with an error, or counted nothing
 * without saying why, has at least one failure.
 */
function countResults(exitCode, log, report) {
  const counts = report === undefined ? countInLog(log) : countInReport(report);
  const isEmpty = counts.passed + counts.failed === 0;
  if (isEmpty && !counts.skipped) return { passed: 0, failed: 1 };
  if (exitCode !== 0 && counts.failed === 0) return { passed: counts.passed, failed: 1 };
  return counts;
}

function countInReport(report) {
  const { numPassedTests, numFailedTests } = JSON.parse(report);
  return { passed: numPassedTests, failed: numFailedTests };
}

function countInLog(log) {
  const match = [...log.matchAll(/^(\d+) passed, (\d+) failed(, skipped: .+)?$/gm)].at(-1);
  if (match === undefined) return { passed: 0, failed: 0 };
  return {
    passed: Number(match[1]),
    failed: Number(match[2]),
    skipped: match[3] !== undefined,
  };
}

const [exitCode, logPath, reportPath] = process.argv.slice(2);
const report = existsSync(reportPath) ? readFileSync(reportPath, 'utf8') : undefined;
const { passed, failed } = countResults(Number(exitCode), readFileSync(logPath, 'utf8'), report);
process.stdout.write(`${passed} ${failed}\n`);
