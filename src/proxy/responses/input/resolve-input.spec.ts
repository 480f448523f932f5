import { describe, expect, it } from 'vitest';
import type { ResponsesRequest } from '../responses-api.js';
import { resolveInput } from './resolve-input.js';
import type { ResponsesHistory } from './responses-history.js';

const USER = { role: 'user', content: 'Hello' };
const ANSWER = { type: 'message', id: 'msg_1', role: 'assistant', content: 'Hi' };

const history: ResponsesHistory = {
  find: (id) => Promise.resolve(id === 'resp_1' ? { input: [USER], output: [ANSWER] } : undefined),
  findItem: (id) => Promise.resolve(id === 'msg_1' ? ANSWER : undefined),
};

const resolve = (request: Partial<ResponsesRequest>, from?: ResponsesHistory) =>
  resolveInput({ model: 'm', ...request }, from);

describe(resolveInput.name, () => {
  it('takes a text as what the user says', async () => {
    expect(await resolve({ input: 'Hello' })).toEqual([{ item: USER, path: 'input' }]);
  });

  it('keeps items where the client wrote them', async () => {
    expect(await resolve({ input: [USER, ANSWER] })).toEqual([
      { item: USER, path: 'input[0]' },
      { item: ANSWER, path: 'input[1]' },
    ]);
  });

  it('puts an earlier response before the input', async () => {
    const request = { previous_response_id: 'resp_1', input: 'And now?' };
    expect((await resolve(request, history)).map(({ item }) => item)).toEqual([
      USER,
      ANSWER,
      { role: 'user', content: 'And now?' },
    ]);
  });

  it('looks up items that the client only refers to, with or without the type', async () => {
    const input = [{ type: 'item_reference', id: 'msg_1' }, { id: 'msg_1' }];
    expect((await resolve({ input }, history)).map(({ item }) => item)).toEqual([ANSWER, ANSWER]);
  });

  it.each<[Partial<ResponsesRequest>, string]>([
    [{ input: 'Hello', store: true }, 'store'],
    [{ input: 'Hello', previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ input: [USER, { type: 'item_reference', id: 'msg_1' }] }, 'input[1]'],
  ])('refuses %j where nothing is stored', async (request, param) => {
    await expect(resolve(request)).rejects.toMatchObject({ code: 'unsupported_parameter', param });
  });

  it.each<[Partial<ResponsesRequest>, string]>([
    [{ input: 'Hello', previous_response_id: 'resp_2' }, 'previous_response_id'],
    [{ input: [{ type: 'item_reference', id: 'msg_2' }] }, 'input[0].id'],
  ])('does not find %j', async (request, param) => {
    await expect(resolve(request, history)).rejects.toMatchObject({ code: 'not_found', param });
  });

  it('wants an input when there is nothing to go on from', async () => {
    await expect(resolve({})).rejects.toMatchObject({ code: 'invalid_value', param: 'input' });
  });
});
