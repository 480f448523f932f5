import { Observable } from 'rxjs';
import { ProviderError } from '../../contract/provider-error.js';
import type { RelayedEndpoint, RelayStep } from '../../contract/relay.js';
import type { Target } from '../../contract/target.js';
import { isJson, mediaTypeOf } from '../../upstream/media-type.js';
import type { UpstreamResponse } from '../../upstream/upstream-call.js';
import { readRelayedDocument } from './read-relayed-document.js';
import { RelayedRecords } from './relayed-records.js';

/** Bytes of a document; generated pictures in base64 come to tens of megabytes. */
const MAX_DOCUMENT = 128 * 1024 * 1024;
const UNTYPED = 'application/octet-stream';

type Headers = UpstreamResponse['headers'];

/** What the converter asks of its source: the body, and the headers before it. */
export type AnswerBytes = (began: (headers: Headers) => void) => Observable<Buffer>;

/** One form of an answer, as its bytes arrive. What they throw is a `ProviderError`. */
interface AnswerForm {
  push(chunk: Buffer): Iterable<RelayStep>;
  end(): Iterable<RelayStep>;
}

/**
 * The steps of an answer in the form that the vendor chose: it alone knows whether a model streams
 * when it is asked to.
 */
export function convertRelayedAnswer(
  source: AnswerBytes,
  endpoint: RelayedEndpoint,
  target: Target,
): Observable<RelayStep> {
  return new Observable((subscriber) => {
    let form: AnswerForm | undefined;
    const emit = (read: (form: AnswerForm) => Iterable<RelayStep>): boolean => {
      try {
        for (const step of read(form as AnswerForm)) subscriber.next(step);
        return true;
      } catch (error) {
        // RxJS would throw it at the process.
        subscriber.error(error);
        return false;
      }
    };
    return source((headers) => {
      form = formOf(headers, endpoint, target);
    }).subscribe({
      next: (chunk) => void emit((each) => each.push(chunk)),
      error: (error: unknown) => subscriber.error(error),
      complete: () => {
        if (emit((each) => each.end())) subscriber.complete();
      },
    });
  });
}

function formOf(headers: Headers, endpoint: RelayedEndpoint, target: Target): AnswerForm {
  const mediaType = mediaTypeOf(headers);
  if (mediaType === 'text/event-stream') return eventsForm(endpoint, target);
  const contentType = String(headers['content-type'] ?? UNTYPED);
  const json = isJson(mediaType);
  if (!json && !mediaType.startsWith('text/')) return bytesForm(contentType);
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    push: (chunk) => {
      length += chunk.length;
      if (length > MAX_DOCUMENT) throw unreadable('an answer that is too large');
      chunks.push(chunk);
      return [];
    },
    end: () => {
      const text = Buffer.concat(chunks, length).toString();
      return [readRelayedDocument(text, { endpoint, target, headers, contentType, isJson: json })];
    },
  };
}

function eventsForm(endpoint: RelayedEndpoint, target: Target): AnswerForm {
  const records = new RelayedRecords(endpoint, target);
  return {
    push: (chunk) => records.push(chunk),
    *end() {
      yield* records.end();
      const { usage } = records;
      if (usage !== undefined) yield { kind: 'usage', usage };
    },
  };
}

function bytesForm(contentType: string): AnswerForm {
  let isEmpty = true;
  return {
    push: (bytes) => {
      isEmpty = false;
      return [{ kind: 'bytes', contentType, bytes }];
    },
    end: () => {
      if (isEmpty) throw unreadable('an empty answer');
      return [];
    },
  };
}

function unreadable(what: string): ProviderError {
  return new ProviderError('invalid_response', `The upstream sent ${what}`);
}
