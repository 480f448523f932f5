import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../../common/json/json-document.js';
import type { ChatCompletionRequest } from '../../chat/chat-api.js';
import { RequestEdit } from './request-edit.js';

const TEXT = '{ "model":"m", "seed": 12345678901234567890, "n":1, "messages":[] }';

describe(RequestEdit, () => {
  const edit = () =>
    new RequestEdit(
      JsonDocument.fromText<ChatCompletionRequest>(TEXT),
      createTarget(createInstance('https://vendor.example')),
    );

  it('is the text itself until something changes', () => {
    expect(edit().text).toBe(TEXT);
  });

  it('changes single members and nothing else', () => {
    const sut = edit();
    sut.set('n', 2);
    sut.set('x', [1]);
    expect(sut.text).toBe(
      '{ "model":"m", "seed": 12345678901234567890, "n":2, "messages":[] ,"x":[1]}',
    );
  });

  it('renames without reading the value as a float', () => {
    const sut = edit();
    sut.rename('seed', 'random_seed');
    expect(sut.text).toBe(
      '{ "model":"m", "n":1, "messages":[] ,"random_seed":12345678901234567890}',
    );
    expect(sut.get('seed')).toBeUndefined();
    expect(sut.get('random_seed')).toBeGreaterThan(1e18);
  });

  it('removes what it set before', () => {
    const sut = edit();
    sut.set('x', 1);
    sut.remove('x');
    sut.remove('n');
    expect(sut.text).toBe('{ "model":"m", "seed": 12345678901234567890, "messages":[] }');
  });

  it('reads no member that every object has', () => {
    expect(edit().get('toString')).toBeUndefined();
  });
});
