import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const forwardedSignals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];

/**
 * Continues this process on another Node, as near to exec(3) as an old Node allows: same standard
 * streams, signals passed on, and the same end, whether by exit code or by signal.
 */
export function runOnNode(nodePath, args) {
  // The channel carries nothing. It closes when this process dies, also when it is killed outright.
  const child = spawn(nodePath, [...process.execArgv, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, LLM_PROXY_LAUNCHED: '1' },
  });
  for (const signal of forwardedSignals) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the whole process group: the child has it already.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`${nodePath} cannot be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of forwardedSignals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
    // Reached when the signal does not end this process; a shell says 128 + its number then.
    process.exitCode = 128 + constants.signals[signal];
  });
}

/** In the process that `runOnNode` started: ends it when its launcher is killed outright. */
export function endWithLauncher() {
  delete process.env.LLM_PROXY_LAUNCHED;
  if (process.channel === undefined) return;
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // The channel alone must not keep a process alive that has nothing left to do.
  process.channel.unref();
}
