import { describe, expect, it } from 'vitest';
import { namesOf, weightedTarget } from '../../test/support/weighted-target.js';
import { carriersOf, routeTags } from './route-tags.js';

const targets = [
  { ...weightedTarget('a'), tags: ['eu', 'fast'] },
  { ...weightedTarget('b'), tags: ['us'] },
  { ...weightedTarget('c'), tags: ['eu'] },
];

describe(carriersOf, () => {
  it.each([
    ['route:eu', 'ac', 'eu'],
    ['team-a, us', 'b', 'us'],
    ['route:nowhere,fast', 'a', 'fast'],
    ['team-a', 'abc', undefined],
    ['', 'abc', undefined],
    [null, 'abc', undefined],
  ])('of %j is %s', (header, names, tag) => {
    const found = carriersOf(targets, routeTags(header));
    expect([namesOf(found.targets), found.tag]).toEqual([names, tag]);
  });
});
