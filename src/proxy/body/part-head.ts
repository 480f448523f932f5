/** What the headers of a part of a form say. */
export interface PartHead {
  readonly name: string;
  /** Has the name of a file, so that it may be large. */
  readonly isFile: boolean;
}

/** A form that is not well-formed, or that two readers could understand differently. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError';
}

const DISPOSITION = /^content-disposition[ \t]*:[ \t]*(.*)$/i;
const PARAMETER =
  /;[ \t]*([\w*!#$&+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))[ \t]*/gy;

/**
 * Reads the headers of a part, each on its line. Stricter than most: a name that another reader
 * could take for a different one is refused, because the vendor must not see another `model` than
 * the one that was asked for here.
 * @throws MultipartError
 */
export function parsePartHead(text: string): PartHead {
  const lines = text.split('\r\n');
  // Folded headers are long out of use, and readers differ about them.
  if (lines.some((line) => !/^[!#$%&'*+.^_`|~\w-]+[ \t]*:/.test(line))) throw unclear();
  const dispositions = lines.flatMap((line) => DISPOSITION.exec(line)?.[1] ?? []);
  const [value = ''] = dispositions;
  const type = /^form-data[ \t]*/i.exec(value)?.[0];
  if (dispositions.length !== 1 || type === undefined) throw unclear();
  const parameters = parseParameters(value.slice(type.length));
  const name = parameters.get('name');
  if (name === undefined || parameters.has('name*') || /[\\%\0]/.test(name)) throw unclear();
  return { name, isFile: parameters.has('filename') || parameters.has('filename*') };
}

function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  let end = 0;
  for (const match of text.matchAll(PARAMETER)) {
    const [whole, key = '', quoted, plain = ''] = match;
    const name = key.toLowerCase();
    if (parameters.has(name)) throw unclear();
    parameters.set(name, quoted ?? plain);
    end = match.index + whole.length;
  }
  if (end !== text.length) throw unclear();
  return parameters;
}

function unclear(): MultipartError {
  return new MultipartError('a part of the form has unclear headers');
}
