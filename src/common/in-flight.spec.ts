import { describe, expect, it } from 'vitest';
import { InFlight, type InFlightWork } from './in-flight.js';

describe(InFlight.name, () => {
  it('is drained at once when there is nothing', async () => {
    const inFlight = new InFlight();
    await expect(inFlight.drain(60_000)).resolves.toBe(0);
    expect(inFlight.draining).toBe(true);
  });

  it('waits for work that finishes by itself', async () => {
    const inFlight = new InFlight();
    const work: InFlightWork = { end: () => expect.unreachable('was ended') };
    inFlight.add(work);
    const drained = inFlight.drain(60_000);
    inFlight.remove(work);
    await expect(drained).resolves.toBe(0);
  });

  it('ends what does not finish within the limit, and counts it', async () => {
    const inFlight = new InFlight();
    const works = Array.from({ length: 3 }, () => {
      const work: InFlightWork = { end: () => inFlight.remove(work) };
      inFlight.add(work);
      return work;
    });
    expect(works).toHaveLength(3);
    await expect(inFlight.drain(1)).resolves.toBe(3);
    expect(inFlight.size).toBe(0);
  });
});
