import { watch, realpathSync, type FSWatcher } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Logger } from '@nestjs/common';

/** Writers change a file in several steps; wait until they are quiet for so long. */
const QUIET_MS = 100;

/**
 * Tells when a file may have changed, and of SIGHUP. It watches folders, not the file: editors
 * replace files by renaming, and Kubernetes swaps a link beside it. The folder that the file really
 * is in is watched too when links lead elsewhere.
 */
export class ConfigurationWatcher {
  readonly #logger = new Logger(ConfigurationWatcher.name);
  readonly #path: string | undefined;
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #onHangUp = () => this.#onChange();
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string | undefined, onChange: () => void) {
    this.#path = path === undefined ? undefined : resolve(path);
    this.#onChange = onChange;
    process.on('SIGHUP', this.#onHangUp);
    this.#watchFolders();
  }

  close(): void {
    clearTimeout(this.#timer);
    process.off('SIGHUP', this.#onHangUp);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watchFolders(): void {
    const wanted = this.#findFolders();
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of wanted) this.#watchFolder(folder);
  }

  #findFolders(): Set<string> {
    if (this.#path === undefined) return new Set();
    const folders = new Set([dirname(this.#path)]);
    try {
      folders.add(dirname(realpathSync(this.#path)));
    } catch {
      // There is no file yet; its folder tells when there is.
    }
    return folders;
  }

  #watchFolder(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#scheduleChange());
      watcher.on('error', () => this.#forget(folder, watcher));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      this.#logger.warn(
        `${folder} cannot be watched (${(error as NodeJS.ErrnoException).code}); SIGHUP still reloads`,
      );
    }
  }

  #forget(folder: string, watcher: FSWatcher): void {
    watcher.close();
    if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder);
  }

  #scheduleChange(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#watchFolders();
      this.#onChange();
    }, QUIET_MS);
    this.#timer.unref();
  }
}
