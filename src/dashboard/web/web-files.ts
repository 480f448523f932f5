import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

/** Where the page is after a build, both from the sources and from what is built of them. */
const BUILT_PAGE = fileURLToPath(new URL('../../../client/dist/', import.meta.url));

const CONTENT_TYPES = new Map([
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.woff2', 'font/woff2'],
]);

const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

export type Encoding = (typeof ENCODINGS)[number]['name'];

/** One file of the page, in the forms that the build wrote. */
export interface WebFile {
  readonly contentType: string;
  /** The name changes with the contents. */
  readonly isHashed: boolean;
  /** Besides as it is; the shortest first. */
  readonly encodings: readonly Encoding[];
  read(encoding?: Encoding): Promise<Buffer>;
}

/**
 * The built files of the page. They are listed once: a request names one of them or gets nothing,
 * so that no path out of a request ever meets the file system.
 */
@Injectable()
export class WebFiles implements OnModuleInit {
  readonly #logger = new Logger(WebFiles.name);
  readonly #files = new Map<string, WebFile>();
  #index: string | undefined;

  constructor(private readonly folder = BUILT_PAGE) {}

  async onModuleInit(): Promise<void> {
    const path = join(this.folder, 'index.html');
    if (!existsSync(path)) {
      this.#logger.warn({ message: 'the dashboard is not built, only its API is served' });
      return;
    }
    this.#index = await readFile(path, 'utf8');
    const names = new Set(
      readdirSync(this.folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(this.folder, join(entry.parentPath, entry.name)))
        .map((name) => name.split(sep).join('/')),
    );
    for (const name of names) {
      const contentType = CONTENT_TYPES.get(extname(name));
      if (contentType !== undefined)
        this.#files.set(name, this.#describe(name, contentType, names));
    }
  }

  /** The HTML of the page as it was built; undefined when it was not. */
  get index(): string | undefined {
    return this.#index;
  }

  /** @param name from the root of the page, without a leading slash */
  find(name: string): WebFile | undefined {
    return this.#files.get(name);
  }

  #describe(name: string, contentType: string, names: ReadonlySet<string>): WebFile {
    const present = ENCODINGS.filter(({ suffix }) => names.has(`${name}${suffix}`));
    return {
      contentType,
      isHashed: name.startsWith('assets/'),
      encodings: present.map((encoding) => encoding.name),
      read: (encoding) => {
        const suffix = ENCODINGS.find((each) => each.name === encoding)?.suffix ?? '';
        return readFile(join(this.folder, `${name}${suffix}`));
      },
    };
  }
}
