import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { isUnavailable, isUniqueViolation, RowRejectedError } from './database-errors.js';

const failed = (code: string, message = 'failed') =>
  new QueryFailedError('INSERT', [], Object.assign(new Error(message), { code }));

describe(isUnavailable.name, () => {
  it.each([
    ['57P01', 'the server is told to stop'],
    ['57P03', 'the server starts'],
    ['53300', 'it has too many connections'],
    ['08006', 'the connection failed'],
    ['40001', 'a transaction lost against another'],
    ['XX000', 'the server is broken'],
    ['25006', 'it is a read-only replica'],
    ['ECONNRESET', 'the socket was reset'],
    ['EPIPE', 'the socket is closed'],
    ['SQLITE_BUSY', 'another process writes'],
    ['SQLITE_FULL', 'the disk is full'],
    ['SQLITE_READONLY', 'the file is read-only'],
  ])('%s: %s', (code) => {
    expect(isUnavailable(failed(code))).toBe(true);
  });

  it.each([
    ['23505', 'a key exists'],
    ['23502', 'a value is missing'],
    ['22001', 'a text is too long'],
    ['42703', 'a column does not exist'],
    ['SQLITE_CONSTRAINT', 'a constraint'],
    ['SQLITE_ERROR', 'the statement'],
  ])('blames the row for %s: %s', (code) => {
    expect(isUnavailable(failed(code))).toBe(false);
  });

  it('knows a lost connection by its words', () => {
    expect(isUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isUnavailable(new Error('something else'))).toBe(false);
  });
});

describe(isUniqueViolation.name, () => {
  it.each([
    [failed('23505'), true],
    [failed('SQLITE_CONSTRAINT', 'UNIQUE constraint failed: t.id'), true],
    [failed('SQLITE_CONSTRAINT', 'NOT NULL constraint failed: t.id'), false],
    [new RowRejectedError('t', failed('23505')), true],
  ])('%s', (error, expected) => {
    expect(isUniqueViolation(error)).toBe(expected);
  });
});
