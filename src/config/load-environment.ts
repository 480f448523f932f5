import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigModule as DotEnvModule } from '@nestjs/config';
import { ConfigurationError } from './configuration-error.js';
import { ENVIRONMENT_VARIABLES, VARIABLE_NAMES } from './environment-variables.js';
import {
  parseEnvironment,
  type Environment,
  type EnvironmentSource,
  type ParsedEnvironment,
} from './environment.js';
import { getGeneratedSecret } from './generated-secret.js';
import { describeReadError, readSecretFile } from './secret-file.js';

export interface LoadedEnvironment {
  readonly environment: Environment;
  /** Everything that `${NAME}` in the configuration file may name, declared or not. */
  readonly variables: EnvironmentSource;
  /** For the log, once there is one. */
  readonly warnings: readonly string[];
}

/**
 * Reads the process's environment, which wins, and `.env` of the working folder. When `given`,
 * only that. Throws `ConfigurationError` with every problem.
 */
export async function loadEnvironment(given?: EnvironmentSource): Promise<LoadedEnvironment> {
  const { variables, problems } = await readSecretFiles(given ?? (await readProcessEnvironment()));
  const parsed = parseEnvironment(variables, problems);
  checkTlsFiles(parsed);
  return addGeneratedSecrets(parsed, variables);
}

async function readProcessEnvironment(): Promise<EnvironmentSource> {
  let found: EnvironmentSource = {};
  await DotEnvModule.forRoot({
    validate: (variables) => {
      found = variables;
      return {};
    },
  });
  return found;
}

/** Puts the content of `<NAME>_FILE` in the place of `<NAME>`, for secrets. */
async function readSecretFiles(source: EnvironmentSource) {
  const variables: Record<string, string | undefined> = { ...source };
  const problems: string[] = [];
  for (const name of VARIABLE_NAMES.filter((key) => ENVIRONMENT_VARIABLES[key].secret)) {
    const path = source[`${name}_FILE`];
    if (!path) continue;
    if (source[name]) {
      problems.push(`${name}: must not be set together with ${name}_FILE`);
      continue;
    }
    try {
      variables[name] = (await readSecretFile(path)).text;
    } catch (error) {
      problems.push(`${name}_FILE: ${describeReadError(error)}`);
    }
  }
  return { variables, problems };
}

function checkTlsFiles(parsed: ParsedEnvironment): void {
  const problems: string[] = [];
  for (const [name, path] of [
    ['TLS_CERT_FILE', parsed.tlsCertFile],
    ['TLS_KEY_FILE', parsed.tlsKeyFile],
  ] as const) {
    try {
      if (path !== undefined) accessSync(path, constants.R_OK);
    } catch (error) {
      problems.push(`${name}: ${describeReadError(error)}`);
    }
  }
  if (problems.length > 0) throw new ConfigurationError('environment', problems);
}

async function addGeneratedSecrets(
  parsed: ParsedEnvironment,
  variables: EnvironmentSource,
): Promise<LoadedEnvironment> {
  const dataDir = resolve(parsed.dataDir);
  if (parsed.keyPepper !== undefined) {
    const environment = Object.freeze({ ...parsed, dataDir, keyPepper: parsed.keyPepper });
    return { environment, variables, warnings: [] };
  }
  const isProduction = parsed.nodeEnv === 'production';
  const pepper = await getOrRefuse('KEY_PEPPER', dataDir, 'key-pepper.key', isProduction);
  const warnings = [...pepper.warnings];
  if (pepper.isNew && parsed.databaseUrl !== undefined) {
    warnings.push(
      'KEY_PEPPER: was generated in DATA_DIR; with a shared database every replica needs the same, so set it',
    );
  }
  return {
    environment: Object.freeze({ ...parsed, dataDir, keyPepper: pepper.secret }),
    variables,
    warnings,
  };
}

/** A secret of 32 random bytes that is kept in a file of the data folder. */
async function getOrRefuse(name: string, folder: string, fileName: string, isProduction: boolean) {
  const generated = await getGeneratedSecret({ folder, fileName, bytes: 32 }).catch(
    (error: unknown) => {
      const reason = `${name}: is not set, and ${fileName} in DATA_DIR ${describeReadError(error)}`;
      throw new ConfigurationError('environment', [reason], { cause: error });
    },
  );
  if (!generated.isOpenToOthers) return { ...generated, warnings: [] };
  const reason = `${name}: other users can read or write ${fileName} in DATA_DIR; run chmod 600 on it`;
  if (isProduction) throw new ConfigurationError('environment', [reason]);
  return { ...generated, warnings: [reason] };
}
