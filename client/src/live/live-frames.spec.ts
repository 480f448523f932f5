import { expect, it } from 'vitest';
import { readFrames, subscribeFrame } from './live-frames';

it.each([
  [
    '[{"event":"requests","data":{"id":"req_1"}},{"event":"of-a-newer-server","data":{}}]',
    [{ kind: 'event', topic: 'requests', data: { id: 'req_1' } }],
  ],
  [
    '[{"event":"lagged","data":{"topic":"logs","count":120}}]',
    [{ kind: 'lagged', topic: 'logs', count: 120 }],
  ],
  [
    '[{"event":"state","data":{"topic":"budgets","items":[{"id":"b"}]}}]',
    [{ kind: 'state', topic: 'budgets', items: [{ id: 'b' }] }],
  ],
  ['[{"event":"lagged","data":{"topic":"unheard"}}]', []],
  ['[null]', []],
  ['null', []],
])('reads %s', (text, frame) => {
  expect(readFrames(text)).toEqual(frame);
});

it('subscribes to all topics at once', () => {
  expect(subscribeFrame(['logs', 'budgets'])).toBe(
    '{"event":"subscribe","data":{"topics":["logs","budgets"]}}',
  );
});
