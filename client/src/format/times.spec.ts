import { describe, expect, it } from 'vitest';
import { formatRelative, formatTick, formatTime } from './times';

const NOW = Date.parse('2026-03-12T12:00:00Z');

describe('formatRelative', () => {
  it.each([
    ['2026-03-12T12:00:09Z', 'now'],
    ['2026-03-12T11:59:20Z', '40 seconds ago'],
    ['2026-03-12T11:57:00Z', '3 minutes ago'],
    ['2026-03-11T12:00:00Z', 'yesterday'],
    ['2026-03-14T13:00:00Z', 'in 2 days'],
  ])('shows %s as %s', (iso, shown) => {
    expect(formatRelative(iso, NOW, 'en')).toBe(shown);
  });
});

it('shows times in the chosen zone, not in that of the machine', () => {
  expect(formatTime('2026-03-12T12:00:00Z', 'en-GB', 'Asia/Tokyo')).toContain('21:00:00');
  expect(formatTick('2026-03-12T23:30:00Z', 3_600_000, 'en', 'Europe/Berlin')).toBe('00:30');
  expect(formatTick('2026-03-12T23:30:00Z', 864_000_000, 'en', 'Europe/Berlin')).toBe('Mar 13');
});
