import 'reflect-metadata';
import { runCli } from './run-cli.js';

// Not `process.exit`: `start` returns while the server runs, and pipes may still have to drain.
const exitCode = await runCli(process.argv.slice(2), process);
if (exitCode !== 0) process.exitCode = exitCode;
