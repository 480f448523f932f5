import { describe, expect, it } from 'vitest';
import { Turns } from './turns.js';

const { signal } = new AbortController();

describe(Turns, () => {
  it('lets as many through as there are places, and the others in their order', async () => {
    const turns = new Turns(2, 10);
    const order: string[] = [];
    const enter = (name: string) =>
      turns.take(signal).then((giveBack) => {
        order.push(name);
        return giveBack!;
      });
    const first = await enter('a');
    const second = await enter('b');
    const third = enter('c');
    const fourth = enter('d');
    await Promise.resolve();
    expect(order).toEqual(['a', 'b']);

    second();
    (await third)();
    first();
    (await fourth)();
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    await enter('e');
    await enter('f');
  });

  it('turns away who would have to wait behind too many', async () => {
    const turns = new Turns(1, 1);
    const giveBack = await turns.take(signal);
    const waiting = turns.take(signal);
    expect(await turns.take(signal)).toBeUndefined();
    giveBack!();
    expect(await waiting).toBeTypeOf('function');
  });

  it('forgets who gives up', async () => {
    const turns = new Turns(1, 1);
    const giveBack = await turns.take(signal);
    const impatient = new AbortController();
    const waiting = turns.take(impatient.signal);
    impatient.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    giveBack!();
    expect(await turns.take(signal)).toBeTypeOf('function');
    await expect(turns.take(impatient.signal)).rejects.toThrow('enough');
  });
});
