import type { Command } from 'commander';

/** The server's own entry. Loaded only here: every other command would pay for it. */
const SERVER_ENTRY = new URL('../../main.js', import.meta.url);

export function registerStartCommand(program: Command): void {
  program
    .command('start')
    .description('start the server')
    .action(async () => {
      const { start } = (await import(SERVER_ENTRY.href)) as { start: () => Promise<void> };
      await start();
    });
}
