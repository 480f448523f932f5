/** A moment as a field for local times has it: `2026-03-12T14:05`, in that zone. */
export function localTimeOf(iso: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(new Date(iso));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/**
 * The moment that such a field means in that zone, ISO 8601 UTC; undefined when it is no time. Of
 * an hour that a change of clocks repeats, the one that the later offset gives; an hour that is
 * skipped is the one after.
 */
export function instantOf(local: string, timeZone: string): string | undefined {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const offsetAt = (epochMs: number) =>
    Date.parse(`${localTimeOf(new Date(epochMs).toISOString(), timeZone)}Z`) -
    Math.floor(epochMs / 60_000) * 60_000;
  // The offset at the guess, then at what that makes of it: right on both sides of a change.
  const guess = asUtc - offsetAt(asUtc);
  return new Date(asUtc - offsetAt(guess)).toISOString();
}
