import { randomUUID } from 'node:crypto';
import { mkdir, open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** What stays in memory; a form's small fields do, its files do not. */
const MAX_IN_MEMORY = 128 * 1024;
const READ_BYTES = 64 * 1024;

/**
 * Bytes that have to be sent later, perhaps more than once: a little in memory, more in a file that
 * has no name any more, so that it is gone however this process ends.
 */
export class HeldBytes {
  length = 0;
  #chunks: Buffer[] = [];
  #file: FileHandle | undefined;

  /** @param directory where the file lies, made when it is needed */
  constructor(private readonly directory: string) {}

  async append(chunk: Buffer): Promise<void> {
    if (this.#file === undefined && this.length + chunk.length > MAX_IN_MEMORY) await this.#spill();
    if (this.#file === undefined) this.#chunks.push(chunk);
    else await write(this.#file, chunk, this.length);
    this.length += chunk.length;
  }

  async *read(start: number, end: number): AsyncIterable<Buffer> {
    if (this.#file === undefined) {
      const whole = Buffer.concat(this.#chunks, this.length);
      if (start < end) yield whole.subarray(start, end);
      return;
    }
    for (let at = start; at < end;) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at));
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw new Error('A held upload is shorter than it was');
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  async release(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#chunks = [];
    this.length = 0;
    await file?.close();
  }

  async #spill(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const path = join(this.directory, `upload-${randomUUID()}.tmp`);
    this.#file = await open(path, 'wx+', 0o600);
    await unlink(path);
    const chunks = this.#chunks;
    this.#chunks = [];
    await write(this.#file, Buffer.concat(chunks, this.length), 0);
  }
}

async function write(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const rest = bytes.length - done;
    done += (await file.write(bytes, done, rest, position + done)).bytesWritten;
  }
}
