import { z } from 'zod';
import type { Secret } from '../common/secret.js';
import { ConfigurationError } from './configuration-error.js';
import { NAMED_INSTANCES } from './environment-instances.js';
import {
  ENVIRONMENT_VARIABLES,
  VARIABLE_NAMES,
  type VariableName,
} from './environment-variables.js';

/** Variables as the operating system has them. */
export type EnvironmentSource = Readonly<Record<string, string | undefined>>;

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<Name>;

/** The environment's variables in camel case, typed: `MAX_BODY_BYTES` is `maxBodyBytes`. */
export type ParsedEnvironment = {
  readonly [Name in VariableName as CamelCase<Name>]: z.output<
    (typeof ENVIRONMENT_VARIABLES)[Name]['schema']
  >;
};

/**
 * Frozen. Durations are in the unit of their name, `dataDir` is absolute, and secrets that are
 * generated when they are not set are there.
 */
export type Environment = Omit<ParsedEnvironment, GeneratedSecretName> & {
  readonly [Name in GeneratedSecretName]: Secret;
};

export type GeneratedSecretName = 'keyPepper' | 'jwtSecret' | 'encryptionKey';

type Shape = { [Name in VariableName]: (typeof ENVIRONMENT_VARIABLES)[Name]['schema'] };

const shape = Object.fromEntries(
  VARIABLE_NAMES.map((name) => [name, ENVIRONMENT_VARIABLES[name].schema]),
) as Shape;

const environmentSchema = z.object(shape);

/**
 * Checks all variables; an empty one counts as unset. Throws `ConfigurationError` with every
 * problem, `earlierProblems` among them, so that one start shows all that is wrong.
 */
export function parseEnvironment(
  source: EnvironmentSource,
  earlierProblems: readonly string[] = [],
): ParsedEnvironment {
  const given = Object.fromEntries(
    VARIABLE_NAMES.map((name) => [name, source[name] === '' ? undefined : source[name]]),
  );
  const result = environmentSchema.safeParse(given);
  const problems = [
    ...earlierProblems,
    ...(result.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...(result.success ? findContradictions(result.data) : []),
  ];
  if (!result.success || problems.length > 0) throw new ConfigurationError('environment', problems);
  return Object.freeze(convertToCamelCase(result.data));
}

/** Neither does anything without the other. */
const TOGETHER = (
  [
    ['TLS_CERT_FILE', 'TLS_KEY_FILE'],
    ['ADMIN_EMAIL', 'ADMIN_PASSWORD'],
    ['OIDC_ISSUER', 'OIDC_CLIENT_ID'],
  ] as const
).flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);

function findContradictions(values: z.output<typeof environmentSchema>): string[] {
  const problems: string[] = [];
  for (const [name, other] of TOGETHER) {
    if (values[name] !== undefined && values[other] === undefined) {
      problems.push(`${other}: must be set together with ${name}`);
    }
  }
  if (values.HEADERS_TIMEOUT_MS > values.REQUEST_TIMEOUT_MS) {
    problems.push('HEADERS_TIMEOUT_MS: must not exceed REQUEST_TIMEOUT_MS');
  }
  if (values.HEALTH_ENABLE_BELOW_ERROR_PERCENT > values.HEALTH_DISABLE_ABOVE_ERROR_PERCENT) {
    problems.push(
      'HEALTH_ENABLE_BELOW_ERROR_PERCENT: must not exceed HEALTH_DISABLE_ABOVE_ERROR_PERCENT',
    );
  }
  for (const [, { baseUrl, apiKey }] of NAMED_INSTANCES) {
    if (baseUrl === undefined || apiKey === undefined) continue;
    for (const [name, other] of [
      [baseUrl, apiKey],
      [apiKey, baseUrl],
    ] as const) {
      if (values[name] !== undefined && values[other] === undefined) {
        problems.push(`${other}: must be set together with ${name}`);
      }
    }
  }
  return problems;
}

function convertToCamelCase(values: z.output<typeof environmentSchema>): ParsedEnvironment {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [camelCaseOf(name), value]),
  ) as unknown as ParsedEnvironment;
}

/** `MAX_BODY_BYTES` as `maxBodyBytes`. */
export function camelCaseOf<Name extends string>(name: Name): CamelCase<Name> {
  const text = name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return text as CamelCase<Name>;
}
