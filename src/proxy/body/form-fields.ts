import type { MultipartListener } from './multipart-scanner.js';
import { MultipartError, type PartHead } from './part-head.js';

type WantedField = 'model' | 'stream' | 'user' | 'n' | 'size' | 'quality';

/** Small fields whose values the proxy has to know. */
const WANTED: ReadonlySet<string> = new Set<string>([
  'model',
  'stream',
  'user',
  'n',
  'size',
  'quality',
] satisfies WantedField[]);
const MAX_VALUE_BYTES = 1024;

/** Where a value stands in the body; the end is exclusive. */
export interface FieldPlace {
  readonly start: number;
  readonly end: number;
}

/** What the proxy needs of a form, gathered while it goes by. */
export class FormFields implements MultipartListener {
  /** A file has begun, and the model was known by then. */
  modelIsBeforeFiles = false;
  modelPlace: FieldPlace | undefined;
  readonly #values = new Map<string, string>();
  #current: { name: string; start: number; chunks: Buffer[]; length: number } | undefined;
  #hasFile = false;

  get(name: WantedField): string | undefined {
    return this.#values.get(name);
  }

  partBegan({ name, isFile }: PartHead, at: number): void {
    if (isFile && !this.#hasFile) {
      this.#hasFile = true;
      this.modelIsBeforeFiles = this.modelPlace !== undefined;
    }
    if (!WANTED.has(name)) return;
    // A vendor might go by the other one.
    if (this.#values.has(name) || isFile)
      throw new MultipartError(`the field '${name}' is there twice or a file`);
    this.#current = { name, start: at, chunks: [], length: 0 };
  }

  content(bytes: Buffer): void {
    const current = this.#current;
    if (current === undefined) return;
    current.length += bytes.length;
    if (current.length > MAX_VALUE_BYTES) {
      throw new MultipartError(`the field '${current.name}' is too long`);
    }
    current.chunks.push(Buffer.from(bytes));
  }

  partEnded(at: number): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    this.#values.set(current.name, Buffer.concat(current.chunks).toString());
    if (current.name === 'model') this.modelPlace = { start: current.start, end: at };
  }
}
