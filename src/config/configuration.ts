import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import { ConfigurationError } from './configuration-error.js';
import { configurationFileSchema, type ConfigurationFile } from './configuration-file.js';
import { ConfigurationWatcher } from './configuration-watcher.js';
import type { Environment, EnvironmentSource } from './environment.js';
import { freezeDeep } from './freeze-deep.js';
import { layerConfiguration, type LayeredConfiguration } from './layered-configuration.js';
import { loadConfigurationFile, type LoadedFile } from './load-configuration-file.js';
import { loadEnvironment } from './load-environment.js';
import { parseStored, type StoredProblems } from './parse-stored.js';
import { isDemo, resolveProviders, type ProviderConfig } from './provider-config.js';
import type { ProviderMode, StoredObject } from './stored-object.js';

const DEFAULT_PATH = './llm-proxy.yaml';

/** Says what is wrong with a file that is about to be used, each as `where: what`; or nothing. */
export type ConfigurationCheck = (file: ConfigurationFile) => readonly string[];

const EMPTY: LoadedFile = {
  file: freezeDeep(configurationFileSchema.parse({})),
  warnings: [],
  fingerprint: '',
  isBlank: true,
};

interface Source {
  readonly environment: Environment;
  readonly variables: EnvironmentSource;
  /** Absent when there is no file to look for. */
  readonly path: string | undefined;
  readonly mustExist: boolean;
}

/**
 * The one configuration: what the environment says for the life of the process, the file of the
 * moment, and what people set in the dashboard.
 */
@Injectable()
export class Configuration implements OnModuleDestroy {
  readonly #logger = new Logger(Configuration.name);
  readonly #changes = new Subject<ConfigurationFile>();
  readonly #checks = new Set<ConfigurationCheck>();
  readonly #source: Source;
  #loaded: LoadedFile;
  #stored: readonly StoredObject[] = [];
  #layered: LayeredConfiguration;
  #providers: readonly ProviderConfig[];
  #revision = 1;
  #reloading: Promise<boolean> = Promise.resolve(true);
  #watcher: ConfigurationWatcher | undefined;

  readonly #warnings: readonly string[];

  private constructor(source: Source, loaded: LoadedFile, warnings: readonly string[]) {
    this.#warnings = warnings;
    this.#source = source;
    this.#loaded = loaded;
    this.#layered = this.#layer(loaded.file, []);
    this.#providers = resolveProviders(this.file, source.environment);
  }

  /**
   * Reads everything. With `env`, only that: no process environment, no `.env` and no file unless
   * `LLM_PROXY_CONFIG` is in it. Throws `ConfigurationError` with every problem of the source that
   * is wrong.
   */
  static async open(env?: EnvironmentSource): Promise<Configuration> {
    const { environment, variables, warnings } = await loadEnvironment(env);
    const named = environment.llmProxyConfig;
    const source: Source = {
      environment,
      variables,
      path: named ?? (env === undefined ? DEFAULT_PATH : undefined),
      mustExist: named !== undefined,
    };
    const loaded = await loadSource(source);
    return new Configuration(source, loaded, [...warnings, ...loaded.warnings]);
  }

  get environment(): Environment {
    return this.#source.environment;
  }

  /** The snapshot in force, with what was set beside the file; each change makes a new one. */
  get file(): ConfigurationFile {
    return this.#layered.file;
  }

  /** What the file alone says: people cannot change that. */
  get written(): ConfigurationFile {
    return this.#loaded.file;
  }

  /** Public names and `instance/model` that somebody turned off. */
  get disabledModels(): ReadonlySet<string> {
    return this.#layered.disabledModels;
  }

  /** By instance; those that are not in it are on `auto`. */
  get providerModes(): ReadonlyMap<string, ProviderMode> {
    return this.#layered.providerModes;
  }

  /** What is wrong with stored objects that are not in force, by `storedKey`. */
  get storedProblems(): LayeredConfiguration['problems'] {
    return this.#layered.problems;
  }

  /** Where the file is, or would be; absent when none is looked for. */
  get path(): string | undefined {
    return this.#source.path;
  }

  /** 1 at the start, one more with each change. */
  get revision(): number {
    return this.#revision;
  }

  /** Emits each new snapshot, after it came into force. A subscriber must not throw. */
  get changes(): Observable<ConfigurationFile> {
    return this.#changes.asObservable();
  }

  /** All provider instances with every default merged; of `file`, for a check before it is in force. */
  providers(file: ConfigurationFile = this.file): readonly ProviderConfig[] {
    return file === this.file ? this.#providers : resolveProviders(file, this.environment);
  }

  /** No provider is configured, so there is only `simulated`. */
  get isDemo(): boolean {
    return isDemo(this.file, this.environment);
  }

  /** Puts what people set in force, whole. What is wrong of it is left out; see `storedProblems`. */
  setStored(stored: readonly StoredObject[]): void {
    this.#stored = stored;
    this.#swap(this.#loaded, this.#layer(this.#loaded.file, stored));
    this.#logger.log(`Configuration ${this.#revision} with what was set by hand is in force`);
    this.#changes.next(this.file);
  }

  /** What would be wrong, by `storedKey`, were these in force. */
  problemsOf(stored: readonly StoredObject[]): LayeredConfiguration['problems'] {
    return this.#layer(this.#loaded.file, stored).problems;
  }

  /** What a stored provider would be with every default; or what is wrong with it by itself. */
  resolveStored(object: StoredObject): ProviderConfig | StoredProblems {
    const part = parseStored(object);
    if ('problems' in part) return part;
    const providers = part.kind === 'provider' ? [part.provider] : [];
    const [config] = resolveProviders({ ...this.file, providers }, this.environment);
    return config ?? { problems: [] };
  }

  /** Lets another module refuse a new file. Returns what takes the check away again. */
  addCheck(check: ConfigurationCheck): () => void {
    this.#checks.add(check);
    return () => this.#checks.delete(check);
  }

  /** Reads the file again. False, with one error in the log, when it is wrong and the old one stays. */
  reload(): Promise<boolean> {
    this.#reloading = this.#reloading.then(() => this.#reloadNow());
    return this.#reloading;
  }

  /** From now on a changed file and SIGHUP reload, until the application closes. */
  watch(): void {
    if (this.#watcher !== undefined) return;
    this.#watcher = new ConfigurationWatcher(this.path, () => void this.reload());
    // What changed between the first reading and now was seen by nobody.
    void this.reload();
  }

  /** What is legal but unwise; apart from `open`, which runs before there is a logger. */
  logWarnings(): void {
    for (const warning of this.#warnings) this.#logger.warn(warning);
  }

  onModuleDestroy(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#changes.complete();
  }

  async #reloadNow(): Promise<boolean> {
    try {
      const loaded = await loadSource({ ...this.#source, mustExist: this.#mustExist });
      if (loaded.fingerprint === this.#loaded.fingerprint) return true;
      this.#refuseBlank(loaded);
      this.#check(loaded.file);
      this.#swap(loaded, this.#layer(loaded.file, this.#stored));
      for (const warning of loaded.warnings) this.#logger.warn(warning);
      this.#logger.log(`Configuration ${this.#revision} of ${this.path} is in force`);
      this.#changes.next(this.file);
      return true;
    } catch (error) {
      const reason = error instanceof ConfigurationError ? error.message : String(error);
      this.#logger.error(`The earlier configuration stays in force. ${reason}`);
      return false;
    }
  }

  /** A file that was there may not vanish: an editor or a mount in trouble would take everything away. */
  get #mustExist(): boolean {
    return this.#source.mustExist || this.#loaded !== EMPTY;
  }

  /** Whoever writes a file in place empties it first, and a blank one would take every client away. */
  #refuseBlank(loaded: LoadedFile): void {
    if (!loaded.isBlank) return;
    throw new ConfigurationError(this.path ?? 'file', [
      'is empty; write {} to take everything out',
    ]);
  }

  #problemsIn(file: ConfigurationFile): readonly string[] {
    return [...this.#checks].flatMap((check) => [...check(file)]);
  }

  #layer(file: ConfigurationFile, stored: readonly StoredObject[]): LayeredConfiguration {
    const { environment } = this.#source;
    return layerConfiguration({
      file,
      environment,
      stored,
      check: (candidate) => this.#problemsIn(candidate),
    });
  }

  #check(file: ConfigurationFile): void {
    const problems = this.#problemsIn(file);
    if (problems.length > 0) throw new ConfigurationError(this.path ?? 'file', problems);
  }

  #swap(loaded: LoadedFile, layered: LayeredConfiguration): void {
    const providers = resolveProviders(layered.file, this.environment);
    const known = this.#layered.problems;
    for (const [key, problems] of layered.problems) {
      if (known.get(key)?.join() === problems.join()) continue;
      this.#logger.error(`The ${key} is left out: ${problems.join('; ')}`);
    }
    this.#loaded = loaded;
    this.#layered = layered;
    this.#providers = providers;
    this.#revision += 1;
  }
}

async function loadSource(source: Source): Promise<LoadedFile> {
  if (source.path === undefined) return EMPTY;
  const loaded = await loadConfigurationFile({
    path: source.path,
    variables: source.variables,
    environment: source.environment,
  });
  if (loaded !== undefined) return loaded;
  if (!source.mustExist) return EMPTY;
  throw new ConfigurationError(source.path, ['the file does not exist']);
}
