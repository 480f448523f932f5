import type { Figure } from './figure.js';

/** Whatever waits in memory; who has a queue adds its own reading. */
export const QUEUE_DEPTH = {
  name: 'llm_proxy_queue_depth',
  help: 'What waits in a queue at the moment.',
  labels: ['queue'],
} as const satisfies Figure;
