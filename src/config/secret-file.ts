import { open } from 'node:fs/promises';

/** Larger files are a mistake in the path, and `/dev/zero` would never end. */
const MAX_SECRET_BYTES = 65_536;

export interface SecretFile {
  /** Without the line end that editors and `echo` leave. */
  readonly text: string;
  readonly mode: number;
}

/** Reads a file that holds one secret. Throws a Node system error, or a RangeError for its size. */
export async function readSecretFile(path: string): Promise<SecretFile> {
  const handle = await open(path, 'r');
  try {
    const { mode } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_SECRET_BYTES + 1));
    if (bytesRead > MAX_SECRET_BYTES) throw new RangeError('is larger than 64 KiB');
    const text = buffer.toString('utf8', 0, bytesRead).replace(/\r?\n$/, '');
    if (text === '') throw new RangeError('is empty');
    return { text, mode };
  } finally {
    await handle.close();
  }
}

/**
 * Users who are neither owner nor group can read or write it. The group is not asked about, because
 * container platforms share volumes with a group on purpose. Windows has no such bits.
 */
export function isOpenToOthers(mode: number): boolean {
  return process.platform !== 'win32' && (mode & 0o006) !== 0;
}

/** Why a file could not be used, as the end of a sentence; neither its path nor its content. */
export function describeFileError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `cannot be read or written (${code})`;
}
