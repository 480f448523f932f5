import { describe, expect, it } from 'vitest';
import { invalidValue, unsupported } from './refusals.js';

describe('refusals', () => {
  it.each([
    [
      unsupported('n'),
      'unsupported_parameter',
      "'n' is not supported by the provider of this model",
    ],
    [unsupported('n', 'must be 1'), 'unsupported_parameter', "'n' must be 1"],
    [invalidValue('n', 'must be a number'), 'invalid_value', "'n' must be a number"],
  ])('are the 400 that OpenAI gives', (error, vendorCode, message) => {
    expect(error).toMatchObject({
      kind: 'rejected',
      status: 400,
      vendorType: 'invalid_request_error',
      vendorCode,
      param: 'n',
      message,
    });
  });

  it('keep the cause', () => {
    const cause = new Error('why');
    expect(invalidValue('file', 'cannot be read', cause).cause).toBe(cause);
  });
});
