import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const FOLDER = fileURLToPath(new URL('python/', import.meta.url));
const HARNESS = ['-B', '-u', 'harness.py'];

interface ResultLine {
  readonly id: string;
  /** A traceback; null when the test passed. */
  readonly error: string | null;
}

/** Tests of some modules of the folder `python`, run by the interpreter at `python`. */
export class PythonTests {
  constructor(
    private readonly python: string,
    private readonly modules: readonly string[],
  ) {}

  /** Their ids. Rejects when a module cannot be imported. */
  async list(env: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const run = promisify(execFile);
    const options = { cwd: FOLDER, env: { ...process.env, ...env }, encoding: 'utf8' } as const;
    const { stdout } = await run(this.python, [...HARNESS, '--list', ...this.modules], options);
    const ids = stdout.split('\n').flatMap((line) => {
      return line === '' ? [] : [(JSON.parse(line) as ResultLine).id];
    });
    const unreadable = ids.find((id) => id.startsWith('unittest.loader.'));
    if (unreadable !== undefined) throw new Error(`This cannot be imported: ${unreadable}`);
    return ids;
  }

  /** Runs all of them: the traceback of each by its id, null for those that passed. */
  async run(env: Readonly<Record<string, string>>): Promise<Map<string, string | null>> {
    const child = spawn(this.python, [...HARNESS, ...this.modules], {
      cwd: FOLDER,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const results = new Map<string, string | null>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { id, error } = JSON.parse(line) as ResultLine;
      results.set(id, error);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`The tests ended with exit code ${code}`);
    return results;
  }
}
