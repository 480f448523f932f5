import { extname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

import type { SqliteFailure } from './sqlite-error.js';
import type { SqliteOpening, SqliteOutcome, SqliteTask } from './sqlite-task.js';

/** Asks the thread to close its connection and to end. */
export type ThreadRequest = SqliteTask | { readonly do: 'end' };

export type ThreadAnswer = (
  { readonly outcome: SqliteOutcome } | { readonly failure: SqliteFailure }
) & {
  /** Whether a transaction is open now. */
  readonly inTransaction: boolean;
};

// From the sources no ".js" can be imported; Node runs what lies there.
const { SqliteEngine } = (await import(
  `./sqlite-engine${extname(import.meta.url)}`
)) as typeof import('./sqlite-engine.js');

const engine = new SqliteEngine(workerData as SqliteOpening);

parentPort?.on('message', (request: ThreadRequest) => {
  if (request.do === 'end') {
    engine.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(answer(request));
});

function answer(task: SqliteTask): ThreadAnswer {
  try {
    const outcome = engine.execute(task);
    return { outcome, inTransaction: engine.inTransaction };
  } catch (error) {
    // An Error would lose its codes on the way.
    const { message, code, errcode } = error as SqliteFailure;
    return { failure: { message, code, errcode }, inTransaction: engine.inTransaction };
  }
}
