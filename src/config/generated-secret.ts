import { randomBytes } from 'node:crypto';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../common/secret.js';
import { isOpenToOthers, readSecretFile, type SecretFile } from './secret-file.js';

export interface GeneratedSecretOptions {
  /** Created, for its owner only, when it is not there. */
  readonly folder: string;
  readonly fileName: string;
  /** Random bytes; the secret is their base64 text. */
  readonly bytes: number;
}

export interface GeneratedSecret {
  readonly secret: Secret;
  /** Made by this very call. */
  readonly isNew: boolean;
  /** Other users of the machine can read or write the file. */
  readonly isOpenToOthers: boolean;
}

/**
 * The secret in the file, which is made when it is not there. Any number of processes that start
 * at once get the same one, because the file appears whole or not at all. Throws a Node system
 * error, or a RangeError when the file holds less than was written.
 */
export async function getGeneratedSecret(
  options: GeneratedSecretOptions,
): Promise<GeneratedSecret> {
  const path = join(options.folder, options.fileName);
  const found = await findSecretFile(path);
  const isNew = found === undefined && (await create(path, options));
  const { text, mode } = found ?? (await readSecretFile(path));
  if (Buffer.from(text, 'base64').length < options.bytes) {
    throw new RangeError('is shorter than the secret that was written to it');
  }
  return { secret: new Secret(text), isNew, isOpenToOthers: isOpenToOthers(mode) };
}

async function findSecretFile(path: string): Promise<SecretFile | undefined> {
  try {
    return await readSecretFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** False when another process was first: a link is made whole or refused. */
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
