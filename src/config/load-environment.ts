import { access, constants, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigModule as DotEnvModule } from '@nestjs/config';
import { ConfigurationError } from './configuration-error.js';
import { ENVIRONMENT_VARIABLES, VARIABLE_NAMES } from './environment-variables.js';
import {
  parseEnvironment,
  type Environment,
  type EnvironmentSource,
  type GeneratedSecretName,
  type ParsedEnvironment,
} from './environment.js';
import { getGeneratedSecret } from './generated-secret.js';
import { describeFileError, isOpenToOthers, readSecretFile } from './secret-file.js';

export interface LoadedEnvironment {
  readonly environment: Environment;
  /** Everything that `${NAME}` in the configuration file may name, declared or not. */
  readonly variables: EnvironmentSource;
  /** For the log, once there is one. */
  readonly warnings: readonly string[];
}

const SECRET_NAMES = VARIABLE_NAMES.filter((name) => ENVIRONMENT_VARIABLES[name].secret);

/**
 * Reads the process's environment, which wins, and `.env` of the working folder; or, when `given`,
 * that and nothing else. Throws `ConfigurationError` with every problem.
 */
export async function loadEnvironment(given?: EnvironmentSource): Promise<LoadedEnvironment> {
  const { source, warnings } = given ? { source: given, warnings: [] } : await readProcess();
  const { variables, problems } = await readSecretFiles(source);
  const parsed = parseEnvironment(variables, [...problems, ...(await findTlsProblems(source))]);
  refuseInProduction(parsed, warnings);
  const dataDir = resolve(parsed.dataDir);
  const pepper = await getSecret('keyPepper', parsed, dataDir);
  const jwt = await getSecret('jwtSecret', parsed, dataDir);
  const master = await getSecret('encryptionKey', parsed, dataDir);
  const environment = Object.freeze({
    ...parsed,
    dataDir,
    keyPepper: pepper.secret,
    jwtSecret: jwt.secret,
    encryptionKey: master.secret,
  });
  return {
    environment,
    variables,
    warnings: [...warnings, ...pepper.warnings, ...jwt.warnings, ...master.warnings],
  };
}

async function readProcess() {
  const path = resolve('.env');
  let source: EnvironmentSource = {};
  let inFile: EnvironmentSource = {};
  await DotEnvModule.forRoot({
    envFilePath: path,
    parser: (buffer) => (inFile = parseEnv(buffer.toString('utf8'))) as Record<string, string>,
    // What is returned would be written into process.env.
    validate: (variables) => {
      source = variables;
      return {};
    },
  });
  const isUnsafe =
    SECRET_NAMES.some((name) => inFile[name]) && isOpenToOthers((await stat(path)).mode);
  const warnings = isUnsafe
    ? ['.env: the file holds secrets and other users can read or write it; run chmod 600 on it']
    : [];
  return { source, warnings };
}

/** Puts the content of `<NAME>_FILE` in the place of `<NAME>`, for secrets. */
async function readSecretFiles(source: EnvironmentSource) {
  const variables: Record<string, string | undefined> = { ...source };
  const problems: string[] = [];
  for (const name of SECRET_NAMES) {
    const path = source[`${name}_FILE`];
    if (!path) continue;
    if (source[name]) {
      problems.push(`${name}: must not be set together with ${name}_FILE`);
      continue;
    }
    try {
      variables[name] = (await readSecretFile(path)).text;
    } catch (error) {
      problems.push(`${name}_FILE: the file ${describeFileError(error)}`);
    }
  }
  return { variables, problems };
}

async function findTlsProblems(source: EnvironmentSource): Promise<string[]> {
  const problems: string[] = [];
  for (const name of ['TLS_CERT_FILE', 'TLS_KEY_FILE']) {
    const path = source[name];
    if (!path) continue;
    await access(path, constants.R_OK).catch((error: unknown) =>
      problems.push(`${name}: the file ${describeFileError(error)}`),
    );
  }
  return problems;
}

function refuseInProduction(parsed: ParsedEnvironment, warnings: readonly string[]): void {
  if (parsed.nodeEnv !== 'production' || warnings.length === 0) return;
  throw new ConfigurationError('environment', warnings);
}

/** Where secrets are kept that nobody set. */
export const GENERATED_SECRETS = {
  keyPepper: { variable: 'KEY_PEPPER', fileName: 'key-pepper.key' },
  jwtSecret: { variable: 'JWT_SECRET', fileName: 'jwt.key' },
  encryptionKey: { variable: 'ENCRYPTION_KEY', fileName: 'secret.key' },
} as const satisfies Record<GeneratedSecretName, { variable: string; fileName: string }>;

async function getSecret(name: GeneratedSecretName, parsed: ParsedEnvironment, folder: string) {
  const given = parsed[name];
  if (given !== undefined) return { secret: given, warnings: [] };
  const { variable, fileName } = GENERATED_SECRETS[name];
  const place = `${variable}: is not set, and ${fileName} in DATA_DIR`;
  const generated = await getGeneratedSecret({ folder, fileName, bytes: 32 }).catch(
    (error: unknown) => {
      const problem = `${place} ${describeFileError(error)}`;
      throw new ConfigurationError('environment', [problem], { cause: error });
    },
  );
  const unsafe = generated.isOpenToOthers
    ? [`${place} can be read or written by other users; run chmod 600 on it`]
    : [];
  refuseInProduction(parsed, unsafe);
  const shared =
    generated.isNew && parsed.databaseUrl !== undefined
      ? [`${place} was made now; replicas that share a database need one ${variable}, so set it`]
      : [];
  return { secret: generated.secret, warnings: [...unsafe, ...shared] };
}
