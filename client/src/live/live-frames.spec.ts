import { expect, it } from 'vitest';
import { readFrame, subscribeFrame } from './live-frames';

it.each([
  [
    '{"event":"requests","data":{"id":"req_1"}}',
    { kind: 'event', topic: 'requests', data: { id: 'req_1' } },
  ],
  [
    '{"event":"lagged","data":{"topic":"logs","count":120}}',
    { kind: 'lagged', topic: 'logs', count: 120 },
  ],
  ['{"event":"of-a-newer-server","data":{}}', undefined],
  ['{"event":"lagged","data":{"topic":"unheard"}}', undefined],
  ['null', undefined],
])('reads %s', (text, frame) => {
  expect(readFrame(text)).toEqual(frame);
});

it('subscribes to all topics at once', () => {
  expect(subscribeFrame(['logs', 'budgets'])).toBe(
    '{"event":"subscribe","data":{"topics":["logs","budgets"]}}',
  );
});
