/** A session ends when it was not used for so long. */
const IDLE_MS = 7 * 86_400_000;

/** A session ends then at the latest. */
const LONGEST_MS = 30 * 86_400_000;

/** When a session ends that is used now; all in epoch milliseconds. */
export function sessionExpiry(createdAt: number, now: number): number {
  return Math.min(now + IDLE_MS, createdAt + LONGEST_MS);
}
