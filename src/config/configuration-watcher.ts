import { realpathSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { Logger } from '@nestjs/common';

/** Writers change a file in several steps; wait until they are quiet for so long. */
const QUIET_MS = 100;

/**
 * Tells when a file may have changed, and of SIGHUP. It watches folders, not the file: editors
 * replace a file by renaming another over it, and Kubernetes swaps a link beside it. Where a link
 * leads to another folder, that folder is watched too.
 */
export class ConfigurationWatcher {
  readonly #logger = new Logger(ConfigurationWatcher.name);
  readonly #path: string | undefined;
  readonly #tell: () => void;
  #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Without a path there is only SIGHUP. */
  constructor(path: string | undefined, onChange: () => void) {
    this.#path = path === undefined ? undefined : resolve(path);
    this.#tell = () => onChange();
    process.on('SIGHUP', this.#tell);
    this.#watchFolders();
  }

  close(): void {
    clearTimeout(this.#timer);
    process.off('SIGHUP', this.#tell);
    this.#closeWatchers();
  }

  #closeWatchers(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  /** Anew after each change, because links may lead elsewhere now. */
  #watchFolders(): void {
    this.#closeWatchers();
    for (const path of this.#findPlaces()) {
      try {
        const watcher = watch(dirname(path), { persistent: false }, (_, changed) => {
          if (changed === null || concerns(changed, path)) this.#scheduleChange();
        });
        watcher.on('error', () => watcher.close());
        this.#watchers.push(watcher);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        this.#logger.warn(`${path} cannot be watched (${code}); SIGHUP still reloads it`);
      }
    }
  }

  /** The file as it is named and as it is reached through links. */
  #findPlaces(): ReadonlySet<string> {
    if (this.#path === undefined) return new Set();
    try {
      return new Set([this.#path, realpathSync(this.#path)]);
    } catch {
      return new Set([this.#path]);
    }
  }

  #scheduleChange(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#watchFolders();
      this.#tell();
    }, QUIET_MS);
    this.#timer.unref();
  }
}

/** Databases and logs in the same folder do not; the links that Kubernetes swaps start with two dots. */
function concerns(changed: string, path: string): boolean {
  return changed === basename(path) || changed.startsWith('..');
}
