import type { Provider } from '@nestjs/common';
import { Configuration } from '../../config/configuration.js';
import { ProcessLease } from '../../database/process-lease.js';
import { LIMIT_STORE, type LimitStore } from './limit-store.js';
import { LiveProcesses } from './live-processes.js';
import { MemoryLimitStore } from './memory-limit-store.js';
import { RedisLimitStore } from './redis-limit-store.js';

/** In memory, or in Redis when `REDIS_URL` is set. */
export const LIMIT_STORE_PROVIDER: Provider = {
  provide: LIMIT_STORE,
  inject: [Configuration, ProcessLease, LiveProcesses],
  useFactory: async (
    { environment }: Configuration,
    lease: ProcessLease,
    live: LiveProcesses,
  ): Promise<LimitStore> => {
    const local = new MemoryLimitStore({ processes: () => live.count });
    if (environment.redisUrl === undefined) return local;
    const store = new RedisLimitStore({
      url: environment.redisUrl.reveal(),
      processId: lease.id,
      local,
    });
    // So that the first requests are counted with those of the other processes.
    await store.opened;
    return store;
  },
};
