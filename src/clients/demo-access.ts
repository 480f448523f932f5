import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isLoopback } from '../common/net/is-loopback.js';
import type { Secret } from '../common/secret.js';
import { Configuration } from '../config/configuration.js';
import { API_KEY_BYTES, apiKeyFromBytes, type NewApiKey } from './api-key-format.js';

/**
 * The demo: as long as only the simulated provider is configured, a key that is good on this
 * machine only. It follows from the pepper, so it is the same at each start and written nowhere.
 */
@Injectable()
export class DemoAccess {
  readonly #key: NewApiKey;

  constructor(private readonly configuration: Configuration) {
    this.#key = deriveDemoKey(configuration.environment.keyPepper);
  }

  /** For the banner of the start; undefined once a real provider is configured. */
  key(): Secret | undefined {
    return this.newKey()?.key;
  }

  /** With its id, for the row that the key is found by. */
  newKey(): NewApiKey | undefined {
    return this.configuration.isDemo ? this.#key : undefined;
  }

  /** Whether a demo key is good right now for a caller at this socket address. */
  admits(remoteAddress: string | undefined): boolean {
    return this.configuration.isDemo && isLoopback(remoteAddress);
  }
}

function deriveDemoKey(pepper: Secret): NewApiKey {
  const bytes = hkdfSync('sha256', pepper.reveal(), '', 'llm-proxy demo key', API_KEY_BYTES);
  return apiKeyFromBytes(new Uint8Array(bytes));
}
