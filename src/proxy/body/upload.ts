import type { IncomingMessage } from 'node:http';
import { ApiError } from '../../common/errors/api-error.js';
import { ProviderError } from '../../providers/contract/provider-error.js';
import type { StreamedBody } from '../../providers/contract/relay.js';
import { FormFields, type FieldPlace } from './form-fields.js';
import { HeldBytes } from './held-bytes.js';
import { MultipartScanner } from './multipart-scanner.js';
import { MultipartError } from './part-head.js';

export interface UploadLimits {
  readonly maxBytes: number;
  /** Where a file waits whose form names the model after it. */
  readonly directory: string;
}

const BOUNDARY = /;[ \t]*boundary[ \t]*=[ \t]*(?:"([^"]*)"|([^\s;"]+))/gi;
/** RFC 2046, and what browsers and SDKs make of it. */
const VALID_BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/;

/**
 * A form on its way from a client to a vendor. As much of it is held as has to be known before the
 * model is: the fields before the first file, or the whole where the model comes after it. The rest
 * is read while it is sent, so it can be sent once only.
 */
export class Upload {
  readonly #fields = new FormFields();
  readonly #held: HeldBytes;
  readonly #scanner: MultipartScanner;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #boundary: string;
  /** Bytes that came so far. */
  #length = 0;
  #isHeldWhole = false;
  #isPassingOn = false;

  private constructor(
    private readonly request: IncomingMessage,
    private readonly limits: UploadLimits,
  ) {
    this.#boundary = parseBoundary(request.headers['content-type']);
    this.#held = new HeldBytes(limits.directory);
    this.#scanner = new MultipartScanner(this.#boundary, this.#fields);
    // Its end is not that of the connection, over which an answer has to go back.
    this.#chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  /**
   * Reads up to where the model is known.
   * @throws ApiError `unsupported_media_type`, `request_too_large`, `invalid_value`
   */
  static async begin(request: IncomingMessage, limits: UploadLimits): Promise<Upload> {
    const { headers } = request;
    if ((headers['content-encoding'] ?? 'identity').trim().toLowerCase() !== 'identity') {
      throw new ApiError('unsupported_media_type', 'A form cannot be compressed.');
    }
    if (Number(headers['content-length']) > limits.maxBytes) throw tooLarge(limits.maxBytes);
    const upload = new Upload(request, limits);
    try {
      await upload.#hold();
    } catch (error) {
      await upload.#held.release();
      throw error;
    }
    return upload;
  }

  /** Undefined when the form has none. */
  get model(): string | undefined {
    return this.#fields.get('model');
  }

  /** Whether an answer in events is asked for, as far as the form has said so before its file. */
  get stream(): boolean {
    return /^(?:true|1)$/i.test(this.#fields.get('stream') ?? '');
  }

  get user(): string | null {
    return this.#fields.get('user') ?? null;
  }

  /** Of the pictures that a form asks for, as far as it has said so by now. */
  get pictures(): { n: string | undefined; size: string | undefined; quality: string | undefined } {
    const [n, size, quality] = (['n', 'size', 'quality'] as const).map((name) =>
      this.#fields.get(name),
    );
    return { n, size, quality };
  }

  /** Bytes of the whole form; undefined where nobody knows before its end. */
  get length(): number | undefined {
    return this.#isHeldWhole ? this.#length : this.#declaredLength;
  }

  /** Nothing has been sent yet that could not be sent again. */
  get isRepeatable(): boolean {
    return this.#isHeldWhole || !this.#isPassingOn;
  }

  /** The form with the vendor's own name of the model, all other bytes as they came. */
  bodyFor(model: string): StreamedBody {
    const name = Buffer.from(model);
    const { start, end } = this.#fields.modelPlace as FieldPlace;
    const whole = this.length;
    return {
      contentType: `multipart/form-data; boundary=${quoted(this.#boundary)}`,
      length: whole === undefined ? undefined : whole - (end - start) + name.length,
      read: () => this.#read(name, start, end),
    };
  }

  /** Forgets what is held. What a client is still sending is read first, so that it hears the answer. */
  async release(): Promise<void> {
    try {
      while (!this.request.destroyed && (await this.#next()) !== undefined);
    } catch {
      // Whatever is wrong with the rest, the answer has been given.
    } finally {
      await this.#held.release();
    }
  }

  get #declaredLength(): number | undefined {
    const declared = this.request.headers['content-length'];
    return declared === undefined ? undefined : Number(declared);
  }

  async #hold(): Promise<void> {
    try {
      // Once a file came before the model, there is nothing to be won by not holding the rest.
      while (!this.#fields.modelIsBeforeFiles) {
        const chunk = await this.#next();
        if (chunk === undefined) {
          this.#isHeldWhole = true;
          break;
        }
        await this.#held.append(chunk);
      }
    } catch (error) {
      if (error instanceof MultipartError) throw malformed(error);
      if (error instanceof ApiError || !this.request.destroyed) throw error;
      throw new ApiError('invalid_value', 'The request body could not be read.', { cause: error });
    }
  }

  async *#read(model: Buffer, start: number, end: number): AsyncIterable<Buffer> {
    yield* this.#held.read(0, start);
    yield model;
    yield* this.#held.read(end, this.#held.length);
    if (this.#isHeldWhole) return;
    this.#isPassingOn = true;
    for (;;) {
      const chunk = await this.#nextToSend();
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  async #next(): Promise<Buffer | undefined> {
    const next = await this.#chunks.next();
    if (next.done === true) {
      this.#scanner.end();
      return undefined;
    }
    this.#length += next.value.length;
    if (this.#length > this.limits.maxBytes) throw tooLarge(this.limits.maxBytes);
    this.#scanner.push(next.value);
    return next.value;
  }

  /** What is wrong with the body now is told by the call that it is sent with, and is not the vendor's fault. */
  async #nextToSend(): Promise<Buffer | undefined> {
    try {
      return await this.#next();
    } catch (error) {
      if (error instanceof MultipartError) throw rejected(malformed(error));
      if (error instanceof ApiError) throw rejected(error);
      throw new ProviderError('aborted', 'The upload was broken off', { cause: error });
    }
  }
}

/** @throws ApiError `unsupported_media_type` */
function parseBoundary(contentType = ''): string {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  const boundaries = [...contentType.matchAll(BOUNDARY)].map(([, inQuotes, plain]) => {
    return inQuotes ?? plain ?? '';
  });
  const [boundary = ''] = boundaries;
  if (type === 'multipart/form-data' && boundaries.length === 1 && VALID_BOUNDARY.test(boundary)) {
    return boundary;
  }
  throw new ApiError(
    'unsupported_media_type',
    'The content type must be multipart/form-data with a boundary.',
  );
}

function quoted(boundary: string): string {
  return /^[\w'+.-]+$/.test(boundary) ? boundary : `"${boundary}"`;
}

function malformed(cause: MultipartError): ApiError {
  return new ApiError('invalid_value', `The request body is not a valid form: ${cause.message}.`, {
    cause,
  });
}

function rejected(error: ApiError): ProviderError {
  return new ProviderError('rejected', error.message, {
    status: error.status,
    vendorType: error.type,
    vendorCode: error.wireCode,
    cause: error,
  });
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError('request_too_large', `The request body is larger than ${maxBytes} bytes.`);
}
