import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileModelPatterns } from './model-patterns.js';
import { Principal } from './principal.js';

describe(compileModelPatterns.name, () => {
  it.each<[readonly string[] | null, string, boolean]>([
    [null, 'anything', true],
    [[], 'anything', false],
    [['*'], 'openai/gpt-4o', true],
    [['fast'], 'fast', true],
    [['fast'], 'faster', false],
    [['openai/*'], 'openai/gpt-4o', true],
    [['openai/*'], 'openai/', true],
    [['openai/*'], 'openai-eu/gpt-4o', false],
    [['openai/*'], 'x-openai/gpt-4o', false],
    [['*/gpt-4o'], 'azure/gpt-4o', true],
    [['*/gpt-4o'], 'azure/gpt-4o-mini', false],
    [['openai/gpt-*-mini'], 'openai/gpt-4o-mini', true],
    [['ab*ba'], 'aba', false],
    [['a*b*c'], 'abc', true],
    [['a*b*c'], 'acb', false],
    [['gpt.4*'], 'gptx4o', false],
    [['FAST'], 'fast', false],
  ])('%j and %s: %s', (patterns, model, allowed) => {
    expect(compileModelPatterns(patterns)(model)).toBe(allowed);
  });

  it('agrees with a regular expression', () => {
    const text = array(constantFrom('a', 'b', '*'), { maxLength: 8 }).map((parts) =>
      parts.join(''),
    );
    const name = array(constantFrom('a', 'b'), { maxLength: 12 }).map((parts) => parts.join(''));
    assert(
      property(text, name, (pattern, model) => {
        const oracle = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(compileModelPatterns([pattern])(model)).toBe(oracle.test(model));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe(Principal.name, () => {
  it('cannot be changed', () => {
    const principal = new Principal({
      keyId: 'k',
      role: 'client',
      clientId: 'c',
      clientName: 'ci',
      allowedModels: ['fast'],
    });
    expect(() => Object.assign(principal, { role: 'admin' })).toThrow(TypeError);
    expect(() => Object.assign(principal, { allowsModel: () => true })).toThrow(TypeError);
    expect(principal.allowsModel('fast')).toBe(true);
    expect(principal.allowsModel('slow')).toBe(false);
  });
});
