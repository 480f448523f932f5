import { timingSafeEqual } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Subscription } from 'rxjs';
import { apiKeyIdOf, isPlausibleKey } from '../clients/api-key-identity.js';
import { CLIENTS_TOPIC } from '../clients/client-writer.js';
import { CredentialsService, type StoredCredential } from '../clients/credentials.service.js';
import { DemoAccess } from '../clients/demo-access.js';
import { KeyHasher } from '../clients/key-hasher.js';
import { ApiError } from '../common/errors/api-error.js';
import { ChangeFeed } from '../database/change-feed.js';
import { Principal } from './principal.js';

const CACHED_KEYS = 10_000;
const ABSENT_HASH = '0'.repeat(64);

/** A key that is good, apart from what must be looked at on each use. */
interface KnownKey {
  principal: Principal;
  /** Epoch milliseconds. */
  expiresAt: number;
  isDemo: boolean;
}

/**
 * Says whom an API key belongs to. Answers are cached under the whole keyed hash, so only somebody
 * who has the key can meet a cached answer; every change of clients or keys empties the caches.
 */
@Injectable()
export class ApiKeyAuthenticator implements OnModuleDestroy {
  readonly #known = new LRUCache<string, KnownKey>({ max: CACHED_KEYS });
  /** Apart from the good keys, so that a flood of made-up ones does not push those out. */
  readonly #refused = new LRUCache<string, true>({ max: CACHED_KEYS });
  readonly #lookups = new Map<string, Promise<KnownKey | undefined>>();
  readonly #subscription: Subscription;
  /** Counts how often the caches were emptied: a lookup that began before must not refill them. */
  #generation = 0;

  constructor(
    private readonly credentials: CredentialsService,
    private readonly hasher: KeyHasher,
    private readonly demo: DemoAccess,
    feed: ChangeFeed,
  ) {
    this.#subscription = feed.changes(CLIENTS_TOPIC).subscribe(() => this.forgetAll());
  }

  onModuleDestroy(): void {
    this.#subscription.unsubscribe();
  }

  /**
   * Whom a key belongs to; undefined when it is unknown, revoked, expired or its client inactive.
   * A cached key is answered at once, without a promise. Rejects with `ledger_unavailable` when
   * the key has to be looked up and the database cannot be read.
   * @param remoteAddress of the socket, never of a forwarded header: demo keys are good on loopback only.
   */
  authenticate(
    presentedKey: string,
    remoteAddress: string | undefined,
  ): Principal | undefined | Promise<Principal | undefined> {
    if (!isPlausibleKey(presentedKey)) return undefined;
    const hash = this.hasher.hash(presentedKey);
    const known = this.#known.get(hash);
    if (known !== undefined) return this.principalNow(known, remoteAddress);
    if (this.#refused.has(hash)) return undefined;

    const keyId = apiKeyIdOf(presentedKey, hash);
    if (keyId === undefined) return undefined;
    return this.lookUpOnce(keyId, hash).then((found) =>
      found === undefined ? undefined : this.principalNow(found, remoteAddress),
    );
  }

  private principalNow(known: KnownKey, remoteAddress: string | undefined): Principal | undefined {
    if (known.expiresAt <= Date.now()) return undefined;
    if (known.isDemo && !this.demo.admits(remoteAddress)) return undefined;
    return known.principal;
  }

  /** Requests that come with the same new key at once share one lookup. */
  private lookUpOnce(keyId: string, hash: string): Promise<KnownKey | undefined> {
    const underWay = this.#lookups.get(hash);
    if (underWay !== undefined) return underWay;
    const lookup = this.lookUp(keyId, hash).finally(() => {
      if (this.#lookups.get(hash) === lookup) this.#lookups.delete(hash);
    });
    this.#lookups.set(hash, lookup);
    return lookup;
  }

  private async lookUp(keyId: string, hash: string): Promise<KnownKey | undefined> {
    const generation = this.#generation;
    const known = acceptedKey(await this.findCredential(keyId), hash);
    if (generation === this.#generation) {
      if (known === undefined) this.#refused.set(hash, true);
      else this.#known.set(hash, known);
    }
    return known;
  }

  private async findCredential(keyId: string): Promise<StoredCredential | undefined> {
    try {
      return await this.credentials.find(keyId);
    } catch (cause) {
      throw new ApiError('ledger_unavailable', 'API keys cannot be checked at the moment.', {
        retryAfterMs: 1_000,
        cause,
      });
    }
  }

  private forgetAll(): void {
    this.#generation += 1;
    this.#known.clear();
    this.#refused.clear();
    // A request that comes after a revocation must not share a lookup that began before it.
    this.#lookups.clear();
  }
}

/** An unknown id is compared too, so that it takes as long as a wrong secret for a known one. */
function acceptedKey(stored: StoredCredential | undefined, hash: string): KnownKey | undefined {
  const isSame = timingSafeEqual(Buffer.from(stored?.hash ?? ABSENT_HASH), Buffer.from(hash));
  if (stored === undefined || !isSame) return undefined;
  if (stored.revokedAt !== null || !stored.isClientActive) return undefined;
  const allowedModels =
    stored.allowedModels === null ? null : (JSON.parse(stored.allowedModels) as string[]);
  return {
    principal: new Principal({ ...stored, allowedModels }),
    expiresAt: stored.expiresAt ?? Number.POSITIVE_INFINITY,
    isDemo: stored.source === 'demo',
  };
}
