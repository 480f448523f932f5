import { describe, expect, it } from 'vitest';
import { Secret } from '../secret.js';
import { BrokenSealError, OtherMasterKeyError, Sealer } from './sealer.js';

const MASTER = new Secret(Buffer.alloc(32, 1).toString('base64'));
const OTHER = new Secret(Buffer.alloc(32, 2).toString('base64'));
const PLACE = { id: 'stored_1', bound: 'https://api.example.com' };
const TEXT = 'canary-of-a-provider-key';

describe(Sealer, () => {
  const sealer = new Sealer(MASTER);

  it('opens what it sealed, never twice in the same letters', () => {
    const sealed = [sealer.seal(TEXT, PLACE), sealer.seal(TEXT, PLACE)];
    expect(sealed.map((one) => new Sealer(MASTER).open(one, PLACE))).toEqual([TEXT, TEXT]);
    expect(sealed[0]).not.toBe(sealed[1]);
    expect(sealed.join()).not.toContain(TEXT);
  });

  it('opens nothing in another row or for another address', () => {
    const sealed = sealer.seal(TEXT, PLACE);
    for (const place of [
      { ...PLACE, id: 'stored_2' },
      { ...PLACE, bound: 'https://evil.example.com' },
      { id: 'stored_1"', bound: PLACE.bound },
    ]) {
      expect(() => sealer.open(sealed, place)).toThrow(BrokenSealError);
    }
  });

  it('tells another master key from a changed text', () => {
    const sealed = sealer.seal(TEXT, PLACE);
    expect(() => new Sealer(OTHER).open(sealed, PLACE)).toThrow(OtherMasterKeyError);
    const [version, id, body = ''] = sealed.split('.');
    const last = body.at(-1) === 'A' ? 'Q' : 'A';
    const changed = [version, id, `${body.slice(0, -1)}${last}`].join('.');
    expect(() => sealer.open(changed, PLACE)).toThrow(BrokenSealError);
    for (const text of ['', 'v1', 'v1.a.b', `v2.${id}.${body}`, TEXT]) {
      expect(() => sealer.open(text, PLACE)).toThrow(BrokenSealError);
    }
  });

  it('says neither the text nor the key in its errors', () => {
    const { message } = new OtherMasterKeyError();
    expect(message).not.toContain(TEXT);
    expect(message).not.toContain(MASTER.reveal());
  });
});
