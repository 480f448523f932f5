import { randomBytes } from 'node:crypto';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../common/secret.js';
import { isOpenToOthers, readSecretFile } from './secret-file.js';

export interface GeneratedSecretOptions {
  /** Created, readable by its owner only, when it is not there. */
  readonly folder: string;
  readonly fileName: string;
  /** Random bytes; the secret is their base64 text. */
  readonly bytes: number;
}

export interface GeneratedSecret {
  readonly secret: Secret;
  readonly path: string;
  /** Made by this very call. */
  readonly isNew: boolean;
  /** Other users of the machine can read or change the file. */
  readonly isOpenToOthers: boolean;
}

/**
 * The secret in the file, which is made when it is not there. Any number of processes that start
 * at once get the same one: the file appears whole or not at all. Throws a Node system error, or
 * a RangeError when the file is shorter than a secret of this size.
 */
export async function getGeneratedSecret(
  options: GeneratedSecretOptions,
): Promise<GeneratedSecret> {
  const path = join(options.folder, options.fileName);
  const isNew = !(await exists(path)) && (await create(path, options));
  const { text, mode } = await readSecretFile(path);
  if (Buffer.from(text, 'base64').length < options.bytes) {
    throw new RangeError('The file is damaged: it is shorter than the secret that was written');
  }
  return { secret: new Secret(text), path, isNew, isOpenToOthers: isOpenToOthers(mode) };
}

async function exists(path: string): Promise<boolean> {
  try {
    await (await open(path, 'r')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** A link is all or nothing, and fails when another process was first. Says whether we were. */
async function create(path: string, { folder, bytes }: GeneratedSecretOptions): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(bytes).toString('base64')}\n`);
    await handle.sync();
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
}
