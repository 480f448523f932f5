import { dirname, resolve } from 'node:path';
import type { EnvironmentSource } from './environment.js';
import { describeFileError, readSecretFile } from './secret-file.js';
import type { PathSegment } from './yaml-document.js';

const REFERENCE = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface SubstitutionProblem {
  readonly path: readonly PathSegment[];
  readonly message: string;
}

export interface Substituted {
  readonly value: unknown;
  readonly problems: readonly SubstitutionProblem[];
}

type Found = { readonly text: string } | { readonly problem: string };

/**
 * Replaces `${NAME}` and `${file:/path}` in every text of a tree; `$${` stands for `${` itself. A
 * relative path is taken from the folder of `configurationPath`. What cannot be replaced becomes
 * a problem and stays as it is.
 */
export async function substitute(
  tree: unknown,
  variables: EnvironmentSource,
  configurationPath: string,
): Promise<Substituted> {
  const problems: SubstitutionProblem[] = [];

  const visit = async (value: unknown, path: readonly PathSegment[]): Promise<unknown> => {
    if (typeof value === 'string') return replace(value, path);
    if (Array.isArray(value))
      return Promise.all(value.map((item, at) => visit(item, [...path, at])));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(async ([key, member]) => [
      key,
      await visit(member, [...path, key]),
    ]);
    return Object.fromEntries(await Promise.all(entries)) as unknown;
  };

  const replace = async (text: string, path: readonly PathSegment[]): Promise<string> => {
    const parts: string[] = [];
    let end = 0;
    for (const match of text.matchAll(REFERENCE)) {
      parts.push(text.slice(end, match.index));
      end = match.index + match[0].length;
      const found: Found = match[0] === '$${' ? { text: '${' } : await find(match[1]);
      if ('problem' in found) problems.push({ path, message: found.problem });
      parts.push('problem' in found ? match[0] : found.text);
    }
    return parts.join('') + text.slice(end);
  };

  const find = async (reference: string | undefined): Promise<Found> => {
    if (reference?.startsWith('file:')) return findFile(reference.slice('file:'.length));
    if (reference === undefined || !VARIABLE.test(reference)) {
      return { problem: 'has a ${…} that is no variable and no file; write $${ for ${ itself' };
    }
    const text = variables[reference];
    return text ? { text } : { problem: `\${${reference}}: the variable is not set` };
  };

  const findFile = async (path: string): Promise<Found> => {
    try {
      return { text: (await readSecretFile(resolve(dirname(configurationPath), path))).text };
    } catch (error) {
      return { problem: `\${file:${path}}: ${describeFileError(error)}` };
    }
  };

  return { value: await visit(tree, []), problems };
}

/** Whether a text is written out, with nothing substituted in it. */
export function isLiteral(text: string): boolean {
  return !text.replaceAll('$${', '').includes('${');
}
