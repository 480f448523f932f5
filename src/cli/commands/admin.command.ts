import type { Command } from 'commander';
import { PeopleModule } from '../../auth/people/people.module.js';
import { UsersService } from '../../auth/people/users.service.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../describe-failure.js';

interface Options {
  email: string;
  json?: boolean;
}

export function registerAdminCommand(program: Command, context: CliContext): void {
  const admin = program.command('admin').description('people who sign in to the dashboard');
  admin
    .command('reset-password')
    .description('make a one-time password for somebody and end their sessions')
    .requiredOption('--email <address>', 'whose password')
    .option('--json', 'print JSON')
    .action(async ({ email, json }: Options) => {
      const { user, temporaryPassword } = await context.withApplication(
        async (application) => {
          const users = application.get(UsersService);
          const found = await users.findByEmail(email);
          if (found === undefined) throw new CliError('There is nobody with this e-mail address.');
          return users.resetPassword(found.id);
        },
        [PeopleModule],
      );
      if (json === true) {
        const { id, name, role } = user;
        context.output.json({ id, email: user.email, name, role, password: temporaryPassword });
        return;
      }
      context.output.line(`One-time password of ${user.email}: ${temporaryPassword}`);
      context.output.line('It is shown this once and has to be changed at the next sign-in.');
      if (!user.isActive) context.output.line('The account is disabled.');
    });
}
