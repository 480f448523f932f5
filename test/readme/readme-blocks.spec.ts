import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findReadmeBlocks } from './readme-blocks.ts';

describe(findReadmeBlocks.name, () => {
  it('finds the blocks that are marked, with their line and expectations', () => {
    const markdown = [
      '# Title',
      '```sh',
      'npm ci',
      '```',
      '',
      '```sh run',
      'curl http://127.0.0.1:3000/version',
      '# → "version"',
      '```',
      '```js run',
      'console.log(1); // → not an expectation',
      '  // → 1',
      '```',
    ].join('\n');
    expect(findReadmeBlocks(markdown)).toEqual([
      {
        line: 6,
        kind: 'shell',
        code: 'curl http://127.0.0.1:3000/version\n# → "version"',
        expected: ['"version"'],
      },
      {
        line: 10,
        kind: 'script',
        code: 'console.log(1); // → not an expectation\n  // → 1',
        expected: ['1'],
      },
    ]);
  });

  it('refuses a fence that is not closed', () => {
    expect(() => findReadmeBlocks('```sh run\nls')).toThrow('line 1 is not closed');
  });

  it('refuses to leave out what it cannot run', () => {
    expect(() => findReadmeBlocks('```python run\n```')).toThrow('"python run"');
  });

  it('has something to run in the README', () => {
    const kinds = findReadmeBlocks(readFileSync('README.md', 'utf8')).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['shell', 'script', 'configuration']));
  });
});
