/* Loaded into a proxy that a spec starts with `--expose-gc`: on SIGUSR2 it says what it holds. */
import process from 'node:process';

process.on('SIGUSR2', () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write(`holds ${heapUsed + external} bytes\n`);
});
