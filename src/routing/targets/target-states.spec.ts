import { beforeEach, describe, expect, it } from 'vitest';
import { TargetStates } from './target-states.js';

describe(TargetStates.name, () => {
  let sut: TargetStates;

  beforeEach(() => {
    sut = new TargetStates();
  });

  it('has the worse of what is found of the instance and of the model', () => {
    sut.find('degraded', 'a');
    sut.find('disabled', 'a', 'm');
    expect([sut.of('a'), sut.of('a', 'm'), sut.of('a', 'n')]).toEqual([
      'degraded',
      'disabled',
      'degraded',
    ]);
    sut.find('healthy', 'a', 'm');
    expect(sut.of('a', 'm')).toBe('degraded');
  });

  it.each(['healthy', 'degraded', 'disabled'] as const)(
    'leaves who was taken out where it is when it is found %s',
    (state) => {
      sut.takeOut('a');
      sut.takeOut('b', 'm');
      sut.find(state, 'a');
      sut.find(state, 'b', 'm');
      expect([sut.of('a'), sut.of('a', 'm'), sut.of('b', 'm')]).toEqual(['off', 'off', 'off']);
      expect([sut.foundOf('a'), sut.foundOf('b', 'm')]).toEqual([state, state]);
      expect(sut.of('b')).toBe('healthy');
    },
  );

  it('has what was found meanwhile when it is put back', () => {
    sut.find('disabled', 'a', 'm');
    sut.takeOut('a', 'm');
    sut.putBack('a', 'm');
    expect(sut.of('a', 'm')).toBe('disabled');
    sut.takeOut('a');
    sut.find('healthy', 'a', 'm');
    sut.putBack('a');
    expect(sut.of('a', 'm')).toBe('healthy');
  });
});
