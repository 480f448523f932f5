import { Secret } from '../../src/common/secret.js';
import {
  parseEnvironment,
  type Environment,
  type EnvironmentSource,
} from '../../src/config/environment.js';

/** Base64 of 32 bytes. */
export const TEST_MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

/** What the variables make of it, with secrets that are in no file. */
export function testEnvironment(variables: EnvironmentSource = {}): Environment {
  return {
    ...parseEnvironment(variables),
    keyPepper: new Secret('p'.repeat(32)),
    jwtSecret: new Secret('j'.repeat(32)),
    encryptionKey: new Secret(TEST_MASTER_KEY),
  };
}
