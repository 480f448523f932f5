import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { findReferenceProblems } from './check-references.js';
import { ConfigurationError } from './configuration-error.js';
import { configurationFileSchema, type ConfigurationFile } from './configuration-file.js';
import type { Environment, EnvironmentSource } from './environment.js';
import { freezeDeep } from './freeze-deep.js';
import { resolveProviders } from './provider-config.js';
import { describeFileError, isOpenToOthers } from './secret-file.js';
import { formatPath, listProblems } from './list-problems.js';
import { isLiteral, substitute } from './substitute.js';
import { YamlDocument, type PathSegment } from './yaml-document.js';

const MAX_FILE_BYTES = 16 * 1024 * 1024;

export interface LoadFileOptions {
  readonly path: string;
  /** What `${NAME}` may name. */
  readonly variables: EnvironmentSource;
  readonly environment: Environment;
}

export interface LoadedFile {
  readonly file: ConfigurationFile;
  /** For the log. */
  readonly warnings: readonly string[];
  /** The same when neither the text nor a substituted value changed. */
  readonly fingerprint: string;
  /** There is not a single character in the file. */
  readonly isBlank: boolean;
}

/**
 * Reads, substitutes and checks the file; undefined when there is none. Throws `ConfigurationError`
 * with every problem that can be known at once.
 */
export async function loadConfigurationFile(
  options: LoadFileOptions,
): Promise<LoadedFile | undefined> {
  const { path, environment } = options;
  const read = await readText(path);
  if (read === undefined) return undefined;
  const document = YamlDocument.parse(read.text);
  if (!(document instanceof YamlDocument)) throw new ConfigurationError(path, document);
  const tree = toTree(document, path);
  const substituted = await substitute(tree, options.variables, path);
  const openToOthers = isOpenToOthers(read.mode) && holdsLiteralKey(tree);
  const file = parseTree(substituted, document, {
    path,
    environment,
    earlierProblems: openToOthers && isProduction(environment) ? [OPEN_TO_OTHERS] : [],
  });
  return {
    file,
    warnings: openToOthers ? [`${path}: ${OPEN_TO_OTHERS}`] : [],
    fingerprint: fingerprintOf(substituted.value),
    isBlank: read.text.trim() === '',
  };
}

const OPEN_TO_OTHERS =
  'the file holds keys and other users can read or write it; run chmod 600 on it, or write the keys as ${NAME} or ${file:/path}';

const isProduction = (environment: Environment) => environment.nodeEnv === 'production';

async function readText(path: string): Promise<{ text: string; mode: number } | undefined> {
  try {
    const handle = await open(path, 'r');
    try {
      const { mode, size } = await handle.stat();
      if (size > MAX_FILE_BYTES) throw new RangeError('the file is larger than 16 MiB');
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await handle.readFile());
      return { text, mode };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const reason = error instanceof TypeError ? 'is not UTF-8' : describeFileError(error);
    throw new ConfigurationError(path, [reason], { cause: error });
  }
}

function toTree(document: YamlDocument, path: string): unknown {
  try {
    return document.toValue({ below: 'prices', called: 'usd' });
  } catch (error) {
    throw new ConfigurationError(path, ['its aliases cannot be resolved'], { cause: error });
  }
}

interface ParseContext {
  readonly path: string;
  readonly environment: Environment;
  readonly earlierProblems: readonly string[];
}

function parseTree(
  { value, problems }: Awaited<ReturnType<typeof substitute>>,
  document: YamlDocument,
  context: ParseContext,
): ConfigurationFile {
  const describe = (path: readonly PathSegment[], message: string) => {
    const line = document.lineOf(path);
    const place = path.length === 0 ? '' : `${formatPath(path)}: `;
    return `${place}${message}${line === undefined ? '' : ` (line ${line})`}`;
  };
  const unresolved = new Set(problems.map((problem) => formatPath(problem.path)));
  const result = configurationFileSchema.safeParse(value);
  const found = [
    ...context.earlierProblems,
    ...problems.map((problem) => describe(problem.path, problem.message)),
    ...(result.error?.issues ?? [])
      .flatMap(listProblems)
      .filter((problem) => !unresolved.has(formatPath(problem.path)))
      .map((problem) => describe(problem.path, problem.message)),
    ...(result.success ? findReferenceProblems(result.data, instancesOf(result.data, context)) : [])
      .filter((problem) => !unresolved.has(formatPath(problem.path)))
      .map((problem) => describe(problem.path, problem.message)),
  ];
  if (!result.success || found.length > 0) throw new ConfigurationError(context.path, found);
  return freezeDeep(result.data);
}

function instancesOf(file: ConfigurationFile, { environment }: ParseContext): ReadonlySet<string> {
  return new Set(resolveProviders(file, environment).map((provider) => provider.name));
}

/** A key of a provider or a client that stands in the text itself. */
function holdsLiteralKey(tree: unknown): boolean {
  const { providers, clients } = tree as { providers?: unknown; clients?: unknown };
  return [...toList(providers), ...toList(clients)]
    .flatMap((entry) => {
      const { apiKey, apiKeys } = (entry ?? {}) as { apiKey?: unknown; apiKeys?: unknown };
      return [apiKey, ...toList(apiKeys)];
    })
    .map((key) => (key as { key?: unknown } | null | undefined)?.key ?? key)
    .some((key) => typeof key === 'string' && isLiteral(key));
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Digest, so that no copy of a secret stays in memory for the comparison. */
function fingerprintOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64');
}
