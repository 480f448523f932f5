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

  it('counts work that leaves in any order, and once only', async () => {
    const inFlight = new InFlight();
    const works = Array.from({ length: 4 }, (): InFlightWork => ({ end: () => undefined }));
    for (const work of works) inFlight.add(work);
    for (const index of [1, 0, 1, 3, 3]) inFlight.remove(works[index] as InFlightWork);
    expect(inFlight.size).toBe(1);
    const drained = inFlight.drain(60_000);
    inFlight.remove(works[2] as InFlightWork);
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
