import { describe, expect, it } from 'vitest';
import { scanObject } from '../../common/json/json-text.js';
import { takeModels } from './take-models.js';

function take(text: string) {
  const members = scanObject(text, { maxDepth: 9 });
  return takeModels({ text, members, value: JSON.parse(text) });
}

describe(takeModels, () => {
  it('leaves a body without them as it is', () => {
    const text = '{"model":"a", "n":1}';
    const { body, further } = take(text);
    expect([body.text, further]).toEqual([text, []]);
  });

  it('takes them out, every other byte as it came', () => {
    const { body, further } = take('{"model":"a", "models":["a","b","c","b"], "n":1.50 }');
    expect(body.text).toBe('{"model":"a", "n":1.50 }');
    expect(body.value).toEqual({ model: 'a', n: 1.5 });
    expect(further).toEqual(['b', 'c']);
    expect(body.members.members.map(({ key }) => key)).toEqual(['model', 'n']);
  });

  it('takes the first of them for the model where there is none', () => {
    const { body, further } = take('{"models":["b","c"],"n":1}');
    expect(body.text).toBe('{"n":1,"model":"b"}');
    expect(body.value).toEqual({ n: 1, model: 'b' });
    expect(further).toEqual(['c']);
    expect(take('{"model":null,"models":["b"]}').body.value).toEqual({ model: 'b' });
  });

  it.each(['null', '[]'])('takes %s for none', (models) => {
    const { body, further } = take(`{"model":"a","models":${models}}`);
    expect([body.text, further]).toEqual(['{"model":"a"}', []]);
  });

  it.each(['"a"', '[1]', '[""]', '{}', JSON.stringify(Array.from({ length: 11 }, () => 'a'))])(
    'refuses %s',
    (models) => {
      expect(() => take(`{"model":"a","models":${models}}`)).toThrow(
        expect.objectContaining({ code: 'invalid_value', param: 'models' }),
      );
    },
  );
});
