import { chmod, mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEST_MASTER_KEY } from '../../test/support/test-environment.js';
import { Configuration } from './configuration.js';

/** A file with one provider instance of the name. */
const withProvider = (name: string) => `providers: [{ name: ${name}, type: simulated }]\n`;

class RecordingLogger {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  log(): void {}
  error(message: string): void {
    this.errors.push(message);
  }
  warn(message: string): void {
    this.warnings.push(message);
  }
}

describe(Configuration.name, () => {
  const env = { KEY_PEPPER: 'p'.repeat(32), ENCRYPTION_KEY: TEST_MASTER_KEY };
  let folder: string;
  let path: string;
  let logger: RecordingLogger;
  const opened: Configuration[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llm-proxy-configuration-'));
    path = join(folder, 'llm-proxy.yaml');
    logger = new RecordingLogger();
    Logger.overrideLogger(logger);
  });

  afterEach(async () => {
    for (const configuration of opened.splice(0)) configuration.onModuleDestroy();
    Logger.overrideLogger(new RecordingLogger());
    await rm(folder, { recursive: true });
  });

  async function open(text: string): Promise<Configuration> {
    await writeFile(path, text, { mode: 0o600 });
    const configuration = await Configuration.open({ ...env, LLM_PROXY_CONFIG: path });
    opened.push(configuration);
    return configuration;
  }

  const namesOf = (configuration: Configuration) =>
    configuration.providers().map(({ name }) => name);

  it('needs no file', async () => {
    const configuration = await Configuration.open(env);
    expect(configuration.file).toEqual({
      providers: [],
      models: [],
      prices: [],
      clients: [],
      budget: [],
    });
    expect(configuration).toMatchObject({ isDemo: true, revision: 1, path: undefined });
    expect(namesOf(configuration)).toEqual(['simulated']);
    expect(await configuration.reload()).toBe(true);
  });

  it('does not start without the file that was asked for', async () => {
    await expect(Configuration.open({ ...env, LLM_PROXY_CONFIG: path })).rejects.toMatchObject({
      source: path,
      problems: ['the file does not exist'],
    });
  });

  it('swaps the whole snapshot', async () => {
    const configuration = await open(withProvider('one'));
    const before = configuration.file;
    const emitted = firstValueFrom(configuration.changes);
    await writeFile(path, withProvider('two'));
    expect(await configuration.reload()).toBe(true);
    expect(await emitted).toBe(configuration.file);
    expect(configuration.revision).toBe(2);
    expect(namesOf(configuration)).toEqual(['two']);
    expect(before.providers[0]?.name).toBe('one');
    expect(Object.isFrozen(configuration.file)).toBe(true);
  });

  it('changes nothing when nothing changed', async () => {
    const configuration = await open(withProvider('one'));
    const { file } = configuration;
    const providers = configuration.providers();
    await writeFile(path, `# a comment\n${withProvider('one')}`);
    expect(await configuration.reload()).toBe(true);
    expect(configuration.revision).toBe(1);
    expect(configuration.file).toBe(file);
    expect(configuration.providers()).toBe(providers);
  });

  it.each([
    ['wrong', 'providers: [{ name: A/B, type: t }]\nunknown: 1'],
    ['unreadable', 'providers: ['],
  ])(
    'keeps the old snapshot when the new one is %s, with one error in the log',
    async (_, text) => {
      const configuration = await open(withProvider('one'));
      const { file } = configuration;
      await writeFile(path, text);
      expect(await configuration.reload()).toBe(false);
      expect(configuration.file).toBe(file);
      expect(configuration.revision).toBe(1);
      expect(logger.errors).toEqual([
        expect.stringContaining('earlier configuration stays in force'),
      ]);
    },
  );

  it('does not mistake a file that is being written for an empty configuration', async () => {
    const configuration = await open(withProvider('one'));
    await writeFile(path, '');
    expect(await configuration.reload()).toBe(false);
    expect(namesOf(configuration)).toEqual(['one']);
    await writeFile(path, '{}');
    expect(await configuration.reload()).toBe(true);
    expect(namesOf(configuration)).toEqual(['simulated']);
  });

  it('keeps the old snapshot when the file vanishes', async () => {
    const configuration = await open(withProvider('one'));
    await unlink(path);
    expect(await configuration.reload()).toBe(false);
    expect(namesOf(configuration)).toEqual(['one']);
    expect(logger.errors).toEqual([expect.stringContaining('the file does not exist')]);
  });

  it('lets other modules refuse, and asks them all before anything changes', async () => {
    const configuration = await open(withProvider('one'));
    const seen: string[][] = [];
    configuration.addCheck((file) => {
      seen.push(configuration.providers(file).map(({ name }) => name));
      return ['providers[0].type: no such type'];
    });
    const removeSecond = configuration.addCheck(() => ['second problem']);
    await writeFile(path, withProvider('two'));
    expect(await configuration.reload()).toBe(false);
    expect(seen).toEqual([['two']]);
    expect(namesOf(configuration)).toEqual(['one']);
    expect(logger.errors).toHaveLength(1);
    expect(logger.errors[0]).toMatch(/no such type[^]*second problem/);
    removeSecond();
    await configuration.reload();
    expect(logger.errors[1]).not.toContain('second problem');
  });

  it('takes a failing check as a refusal', async () => {
    const configuration = await open(withProvider('one'));
    configuration.addCheck(() => {
      throw new Error('broken check');
    });
    await writeFile(path, withProvider('two'));
    expect(await configuration.reload()).toBe(false);
    expect(namesOf(configuration)).toEqual(['one']);
    expect(logger.errors).toEqual([expect.stringContaining('broken check')]);
  });

  it('makes one change of 50 reloads at once', async () => {
    const configuration = await open(withProvider('one'));
    const emitted: number[] = [];
    configuration.changes.subscribe(() => emitted.push(configuration.revision));
    await writeFile(path, withProvider('two'));
    const results = await Promise.all(Array.from({ length: 50 }, () => configuration.reload()));
    expect(results).toEqual(Array(50).fill(true));
    expect(emitted).toEqual([2]);
  });

  it('logs at the start what is unwise', async () => {
    await writeFile(path, 'providers: [{ name: a, type: t, apiKey: k }]', { mode: 0o600 });
    await chmod(path, 0o644);
    const configuration = await Configuration.open({ ...env, LLM_PROXY_CONFIG: path });
    expect(logger.warnings).toEqual([]);
    configuration.logWarnings();
    expect(logger.warnings).toEqual([expect.stringContaining('other users can read')]);
  });

  describe('while it watches', () => {
    async function changed(configuration: Configuration, change: () => Promise<void>) {
      const emitted = firstValueFrom(configuration.changes);
      await change();
      return (await emitted).providers[0]?.name;
    }

    it('sees a file written in place, then one renamed over it, then the next', async () => {
      const configuration = await open(withProvider('one'));
      configuration.watch();
      expect(await changed(configuration, () => writeFile(path, withProvider('two')))).toBe('two');
      for (const name of ['three', 'four']) {
        const replaced = await changed(configuration, async () => {
          await writeFile(`${path}~`, withProvider(name), { mode: 0o600 });
          await rename(`${path}~`, path);
        });
        expect(replaced).toBe(name);
      }
    });

    it('recovers after a wrong file', async () => {
      const configuration = await open(withProvider('one'));
      configuration.watch();
      await writeFile(path, 'providers: [');
      expect(await configuration.reload()).toBe(false);
      expect(await changed(configuration, () => writeFile(path, withProvider('two')))).toBe('two');
    });

    it('sees the links that Kubernetes swaps', async () => {
      const version = async (number: number, name: string) => {
        await mkdir(join(folder, `..${number}`));
        await writeFile(join(folder, `..${number}`, 'llm-proxy.yaml'), withProvider(name));
        await symlink(`..${number}`, join(folder, '..data_tmp'));
        await rename(join(folder, '..data_tmp'), join(folder, '..data'));
      };
      await version(1, 'one');
      await symlink('..data/llm-proxy.yaml', path);
      const configuration = await Configuration.open({ ...env, LLM_PROXY_CONFIG: path });
      opened.push(configuration);
      configuration.watch();
      expect(await changed(configuration, () => version(2, 'two'))).toBe('two');
      await rm(join(folder, '..1'), { recursive: true });
      expect(await changed(configuration, () => version(3, 'three'))).toBe('three');
    });

    it('sees a change of the file that a link leads to', async () => {
      const real = join(folder, 'elsewhere', 'real.yaml');
      await mkdir(join(folder, 'elsewhere'));
      await writeFile(real, withProvider('one'));
      await symlink(real, path);
      const configuration = await Configuration.open({ ...env, LLM_PROXY_CONFIG: path });
      opened.push(configuration);
      configuration.watch();
      expect(await changed(configuration, () => writeFile(real, withProvider('two')))).toBe('two');
    });

    it('sees what changed before it watched', async () => {
      const configuration = await open(withProvider('one'));
      await writeFile(path, withProvider('two'));
      expect(await changed(configuration, async () => configuration.watch())).toBe('two');
    });

    it('sees the default file appear', async () => {
      const workingFolder = process.cwd();
      process.chdir(folder);
      process.env.KEY_PEPPER = env.KEY_PEPPER;
      try {
        const configuration = await Configuration.open();
        opened.push(configuration);
        expect(configuration.isDemo).toBe(true);
        configuration.watch();
        expect(await changed(configuration, () => writeFile(path, withProvider('one')))).toBe(
          'one',
        );
        expect(configuration.isDemo).toBe(false);
      } finally {
        process.chdir(workingFolder);
        delete process.env.KEY_PEPPER;
      }
    });

    it('reloads on SIGHUP, with the files that are substituted', async () => {
      await writeFile(join(folder, 'type'), 'first');
      const configuration = await open('providers: [{ name: a, type: "${file:type}" }]');
      configuration.watch();
      await configuration.reload();
      await changed(configuration, async () => {
        await writeFile(join(folder, 'type'), 'second');
        process.kill(process.pid, 'SIGHUP');
      });
      expect(configuration.providers()[0]?.type).toBe('second');
    });

    it('leaves no listener behind', async () => {
      const before = process.listenerCount('SIGHUP');
      const configuration = await open(withProvider('one'));
      configuration.watch();
      configuration.watch();
      expect(process.listenerCount('SIGHUP')).toBe(before + 1);
      configuration.onModuleDestroy();
      expect(process.listenerCount('SIGHUP')).toBe(before);
    });
  });
});
