import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { afterEach, describe, expect, it } from 'vitest';
import { Figures } from '../../common/metrics/figures.js';
import type { Configuration } from '../../config/configuration.js';
import { estimateTokens } from '../estimate-tokens.js';
import { TokenEstimator, type Uncounted } from './token-estimator.js';
import { countTokensInSlices } from './token-worker.js';

const PROSE = 'Seven ships left the harbour before anybody had counted the crew. ';

/** With a thread that does something else than count. */
class OtherThread extends TokenEstimator {
  thread: string | undefined;

  protected override createPool(): Piscina {
    if (this.thread === undefined) return super.createPool();
    const url = new URL(`../../../test/support/threads/${this.thread}.ts`, import.meta.url);
    return super.createPool(fileURLToPath(url));
  }
}

const open: TokenEstimator[] = [];

function estimatorWith(ledgerEstimateTimeoutMs: number, thread?: string): TokenEstimator {
  const configuration = { environment: { ledgerEstimateTimeoutMs } } as Configuration;
  const sut = new OtherThread(configuration, new Figures());
  sut.thread = thread;
  open.push(sut);
  return sut;
}

afterEach(async () => {
  for (const each of open.splice(0)) await each.onApplicationShutdown();
});

const whole = (text: string): Uncounted => ({
  characters: text.length,
  said: { pieces: [text], characters: text.length, isWhole: true },
});

describe(TokenEstimator.name, () => {
  it('counts what is there, and scales what is there in part', async () => {
    const sut = estimatorWith(20_000);
    const tokens = countTokensInSlices(PROSE);
    const part = { ...whole(PROSE), characters: PROSE.length * 10 };
    expect(
      await sut.estimate([
        whole(PROSE),
        // What is no text counts by its characters, beside a text that is whole.
        { ...part, characters: PROSE.length + 3060 },
        { ...part, said: { ...part.said, isWhole: false } },
        { characters: 40, said: { pieces: [], characters: 0, isWhole: true } },
        whole(''),
      ]),
    ).toEqual([tokens, tokens + 765, tokens * 10, 10, 0]);
  });

  it('leaves the event loop alone, whatever is counted', async () => {
    const sut = estimatorWith(20_000);
    await sut.estimate([whole('warm')]);
    const text = 'a'.repeat(131_072);
    const counting = { turns: 0, isDone: false };
    const estimated = sut.estimate([whole(text)]).then(([tokens]) => {
      counting.isDone = true;
      return tokens;
    });
    while (!counting.isDone) {
      await new Promise(setImmediate);
      counting.turns += 1;
    }
    expect(await estimated).toBe(countTokensInSlices(text));
    // Counted in this thread, it would have been done within a turn or two.
    expect(counting.turns).toBeGreaterThan(10);
  });

  it.each([
    ['dies', 'dying-thread', 20_000],
    ['does not answer in time', 'silent-thread', 20],
    ['is not wanted', undefined, 0],
  ])('goes by characters when the thread %s', async (_what, thread, timeoutMs) => {
    const sut = estimatorWith(timeoutMs, thread);
    for (let asked = 0; asked < 3; asked += 1) {
      expect(await sut.estimate([whole(PROSE)])).toEqual([estimateTokens(PROSE.length)]);
    }
  });

  it('lets no more than 64 texts wait: the others go by characters at once', async () => {
    const sut = estimatorWith(1_000, 'silent-thread');
    let answered = 0;
    const asked = Array.from({ length: 200 }, () =>
      sut.estimate([whole(PROSE)]).then((tokens) => {
        answered += 1;
        return tokens;
      }),
    );
    await new Promise(setImmediate);
    expect(answered).toBeGreaterThanOrEqual(200 - 64 - 1);
    expect(answered).toBeLessThan(200);
    expect(new Set((await Promise.all(asked)).flat())).toEqual(
      new Set([estimateTokens(PROSE.length)]),
    );
  });

  it('goes by characters after its end', async () => {
    const sut = estimatorWith(20_000);
    await sut.onApplicationShutdown();
    expect(await sut.estimate([whole(PROSE)])).toEqual([estimateTokens(PROSE.length)]);
  });
});
