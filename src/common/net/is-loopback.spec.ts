import { describe, expect, it } from 'vitest';
import { isLoopback, isLoopbackHost } from './is-loopback.js';

describe(isLoopback.name, () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('takes %s', (address) => {
    expect(isLoopback(address)).toBe(true);
  });

  it.each([undefined, '', '10.0.0.1', '128.0.0.1', '::', '::2', '::ffff:10.0.0.1', 'localhost'])(
    'refuses %s',
    (address) => {
      expect(isLoopback(address)).toBe(false);
    },
  );
});

describe(isLoopbackHost.name, () => {
  it.each(['localhost', 'app.localhost', '127.0.0.1', '[::1]'])('takes %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  it.each(['', 'llm.example.com', 'localhost.example.com', '127.0.0.1.example.com', '[fd00::1]'])(
    'refuses %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});
