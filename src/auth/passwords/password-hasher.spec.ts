import { parseOptions } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { NOBODYS_HASH, PasswordHasher } from './password-hasher.js';

describe(PasswordHasher.name, () => {
  it('hashes with argon2id at 19 MiB, two passes and one lane, and another salt each time', async () => {
    const hasher = new PasswordHasher();
    const [one, other] = await Promise.all([hasher.hash('secret'), hasher.hash('secret')]);
    expect(one).not.toBe(other);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(parseOptions(one)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    expect(await hasher.verify(one, 'secret')).toBe(true);
    expect(await hasher.verify(one, 'Secret')).toBe(false);
  });

  it('does as much for somebody who is not there', async () => {
    const hasher = new PasswordHasher();
    expect(parseOptions(NOBODYS_HASH)).toEqual(parseOptions(await hasher.hash('secret')));
    expect(await hasher.verify(null, 'wrong')).toBe(false);
    // What is not there is not opened by anything, an empty password included.
    expect(await hasher.verify(null, '')).toBe(false);
  });

  it('lets 64 wait beside the four that are at work, refuses the rest, and goes on', async () => {
    const hasher = new PasswordHasher();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, () => hasher.verify(null, 'wrong')),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(68);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'overloaded' });
    }
    await expect(hasher.hash('secret')).resolves.toContain('argon2id');
  });
});
