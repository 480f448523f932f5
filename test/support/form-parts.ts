import type { RecordedRequest } from './fault-upstream.js';

export interface FormPart {
  readonly name: string | undefined;
  readonly fileName: string | undefined;
  readonly value: string;
}

/** The parts of a well-formed form, in their order. */
export function formPartsOf({ body, headers }: RecordedRequest): FormPart[] {
  const boundary = /boundary="?([^"]+)/.exec(headers['content-type'] ?? '')?.[1];
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1);
  return parts.map((part) => {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    return {
      name: /\bname="([^"]*)"/.exec(head)?.[1],
      fileName: /\bfilename="([^"]*)"/.exec(head)?.[1],
      value: rest.join('\r\n\r\n'),
    };
  });
}

export function fieldOf(request: RecordedRequest, name: string): string | undefined {
  return formPartsOf(request).find((part) => part.name === name)?.value;
}
