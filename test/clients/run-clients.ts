// Tries the proxy with the official Python packages, in a virtual environment that is thrown away.
// What cannot be had fails the run, unless CLIENTS_OPTIONAL=1: then the rest is run and the last
// line says what was left out.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const requirements = fileURLToPath(new URL('python/requirements.txt', import.meta.url));
const isOptional = process.env['CLIENTS_OPTIONAL'] === '1';
const installLimitMs = 180_000;

/** What the Python of the machine can run. */
interface Interpreter {
  readonly python: string;
  readonly modules: readonly string[];
  /** Why not all of them. */
  readonly missing?: string;
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

const folder = mkdtempSync(join(tmpdir(), 'llm-proxy-clients-'));
try {
  const { python, modules, missing } = prepare();
  const { numPassedTests: passed, numFailedTests: failed } =
    modules.length === 0 ? { numPassedTests: 0, numFailedTests: 0 } : runTests(python, modules);
  const isWhole = missing === undefined || isOptional;
  if (!isWhole) console.log(`Not everything could be tried: ${missing}.`);
  const suffix = missing === undefined ? '' : `, skipped: ${missing}`;
  console.log(`${passed} passed, ${failed} failed${suffix}`);
  const isGreen = failed === 0 && (passed > 0 || modules.length === 0);
  process.exitCode = isWhole && isGreen ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function prepare(): Interpreter {
  const system = 'python3';
  if (!succeeds(system, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])) {
    return { python: system, modules: [], missing: 'there is no Python 3.9 or later' };
  }
  const plain = { python: system, modules: ['test_http'] };
  const environment = join(folder, 'venv');
  if (!succeeds(system, ['-m', 'venv', environment])) {
    return { ...plain, missing: 'Python cannot make a virtual environment' };
  }
  const python = join(environment, 'bin', 'python');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const patience = ['--retries', '1', '--timeout', '15'];
  if (!succeeds(python, [...install, ...patience, '--requirement', requirements])) {
    return { ...plain, missing: 'the Python packages cannot be installed' };
  }
  return { python, modules: ['test_http', 'test_openai', 'test_anthropic'] };
}

function succeeds(command: string, options: readonly string[]): boolean {
  const { status } = spawnSync(command, [...options], { timeout: installLimitMs });
  return status === 0;
}

/** A run that died before it could report is one failure. */
function runTests(python: string, modules: readonly string[]): Counts {
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const config = ['--config', 'test/clients/vitest.config.ts'];
  const { status } = spawnSync('vitest', ['run', ...config, ...reporters], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, CLIENTS_PYTHON: python, CLIENTS_MODULES: modules.join(' ') },
  });
  const counts = readCounts(report);
  if (status !== 0 && counts.numFailedTests === 0) return { ...counts, numFailedTests: 1 };
  return counts;
}

function readCounts(report: string): Counts {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Counts;
  } catch {
    return { numPassedTests: 0, numFailedTests: 1 };
  }
}
