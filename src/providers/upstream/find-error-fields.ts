/** What the vendors' error envelopes have in common, unsanitised. */
export interface ErrorFields {
  message?: string;
  type?: string;
  /** Numbers as text. */
  code?: string;
  param?: string;
  /** Google's RetryInfo, such as `34.4s`. */
  retryDelay?: string;
  /** The vendor says that the content was the reason. */
  moderated?: boolean;
}

type Json = Record<string, unknown>;

/**
 * Reads every envelope in use: `{error:{…}}` (OpenAI, Anthropic, Google, OpenRouter), `{error:"…"}`
 * (Ollama, xAI, TGI), the same in an array (Google), flat `{message,type,code}` (Mistral, vLLM),
 * `{detail}` (FastAPI), and `error` within a choice or `x_groq`. Undefined when there is none.
 * `strict` takes only what cannot be anything but an error, for answers that came with a 200.
 */
export function findErrorFields(body: unknown, strict = false): ErrorFields | undefined {
  if (Array.isArray(body)) {
    return body.length > 0 && body.length <= 100 ? findErrorFields(body[0], strict) : undefined;
  }
  if (!isObject(body)) return undefined;
  if (isObject(body['error'])) return fromErrorObject(body['error'], body);
  if (typeof body['error'] === 'string' && body['error'] !== '') return fromErrorText(body);
  if (isObject(body['x_groq']) && body['x_groq']['error']) return findErrorFields(body['x_groq']);
  if (Array.isArray(body['choices'])) return findErrorFields(choiceWithError(body['choices']));
  if (body['object'] === 'error' || body['type'] === 'error' || !strict) return fromFlat(body);
  return undefined;
}

function fromErrorObject(error: Json, envelope: Json): ErrorFields {
  const metadata = isObject(error['metadata']) ? error['metadata'] : {};
  const inner = isObject(error['innererror']) ? error['innererror'] : {};
  return {
    message: innermostMessage(error, metadata),
    type: text(error['type']) ?? text(error['status'], 'string') ?? text(metadata['error_type']),
    code: text(error['code']) ?? text(inner['code']) ?? text(envelope['code']),
    param: text(error['param']),
    retryDelay: retryDelayOf(error['details']),
    moderated: 'reasons' in metadata || 'flagged_input' in metadata,
  };
}

/** OpenRouter says "Provider returned error" and puts what the provider said in `metadata.raw`. */
function innermostMessage(error: Json, metadata: Json): string | undefined {
  const message = text(error['message']);
  const raw = text(metadata['raw'], 'string');
  if (raw === undefined) return message;
  try {
    const inner = findErrorFields(JSON.parse(raw))?.message;
    return inner === undefined ? message : `${message ?? 'Provider returned error'}: ${inner}`;
  } catch {
    return message;
  }
}

function fromErrorText(body: Json): ErrorFields {
  return {
    message: text(body['error']),
    type: text(body['error_type']) ?? text(body['type']),
    code: text(body['code']),
    param: text(body['param']),
  };
}

function fromFlat(body: Json): ErrorFields | undefined {
  const message = text(body['message']) ?? messageOfDetail(body['detail'] ?? body['message']);
  if (message === undefined && Array.isArray(body['errors'])) {
    const first: unknown = body['errors'][0];
    return isObject(first) ? fromErrorObject(first, body) : { message: text(first) };
  }
  if (message === undefined) return undefined;
  return {
    message,
    type: text(body['type']),
    code: text(body['code']),
    param: text(body['param']),
  };
}

/** FastAPI: text, an object, or a list of `{loc, msg}`. */
function messageOfDetail(detail: unknown): string | undefined {
  if (typeof detail === 'string') return detail;
  if (isObject(detail)) return messageOfDetail(detail['detail']) ?? text(detail['message']);
  if (!Array.isArray(detail)) return undefined;
  const problems = detail
    .slice(0, 5)
    .filter(isObject)
    .map((problem) => {
      const place = Array.isArray(problem['loc']) ? problem['loc'].join('.') : '';
      return [place, text(problem['msg'])].filter(Boolean).join(': ');
    });
  return problems.length > 0 ? problems.join('; ') : undefined;
}

function retryDelayOf(details: unknown): string | undefined {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details) {
    if (isObject(detail) && typeof detail['retryDelay'] === 'string') return detail['retryDelay'];
  }
  return undefined;
}

function choiceWithError(choices: unknown[]): unknown {
  return choices.find((choice) => isObject(choice) && choice['error']);
}

function text(value: unknown, only?: 'string'): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' && only === undefined ? String(value) : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
