import { describe, expect, it } from 'vitest';
import { TranslationReport } from '../contract/translation.js';
import { noteDroppedMembers } from './note-dropped-members.js';

const MEMBERS = { lacking: ['user', 'store', 'seed'], own: new Set(['think']) } as const;

function noted(members: object, strict = false): string {
  const report = new TranslationReport(strict);
  noteDroppedMembers({ model: 'm', messages: [], ...members }, MEMBERS, report);
  return report.toString();
}

describe(noteDroppedMembers, () => {
  it.each([
    ['what the vendor lacks', { user: 'ada', seed: 7 }, 'user=dropped,seed=dropped'],
    ['what nobody documents', { wish: 'luck' }, 'wish=dropped'],
    ['a field under a name that is no member', { 'tools.function': 1 }, 'tools.function=dropped'],
    ['not what the vendor takes', { think: true, temperature: 0.5, tools: [{}] }, ''],
    ['not what asks for nothing', { store: false, user: null, seed: undefined, wish: [] }, ''],
  ])('notes %s', (_name, members, report) => {
    expect(noted(members)).toBe(report);
  });

  it('refuses in strict mode', () => {
    expect(() => noted({ seed: 7 }, true)).toThrow(expect.objectContaining({ param: 'seed' }));
  });
});
