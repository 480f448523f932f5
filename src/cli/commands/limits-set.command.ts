import type { Command } from 'commander';
import type { Endpoint } from '../../config/endpoints.js';
import { limitView } from '../../dashboard/limits/limit.view.js';
import { LIMIT_SCOPES, type RateLimits } from '../../limits/rules/limit-rule.js';
import { LimitsService } from '../../limits/rules/limits.service.js';
import type { CliContext } from '../cli-context.js';
import { parseConcurrent, parseEndpoint, parsePerMinute } from '../figure-arguments.js';
import { addSubjectOptions, resolveSubject, type SubjectOptions } from '../subject-options.js';

interface Options extends SubjectOptions, RateLimits {
  endpoint?: Endpoint;
  json?: boolean;
}

export function registerLimitsSetCommand(limits: Command, context: CliContext): void {
  addSubjectOptions(limits.command('set'), LIMIT_SCOPES)
    .description('limit one subject, in place of the limit it was set to before')
    .option('--endpoint <name>', 'only requests of one endpoint, e.g. embeddings', parseEndpoint)
    .option('--requests-per-minute <count>', 'in any 60 seconds', parsePerMinute)
    .option('--tokens-per-minute <count>', 'input and output, in any 60 seconds', parsePerMinute)
    .option('--max-concurrent <count>', 'requests in flight', parseConcurrent)
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { endpoint, requestsPerMinute, tokensPerMinute, maxConcurrent } = options;
      const limit = await context.withApplication(async (application) =>
        application.get(LimitsService).put({
          ...(await resolveSubject(application, options, LIMIT_SCOPES)),
          endpoint,
          requestsPerMinute,
          tokensPerMinute,
          maxConcurrent,
        }),
      );
      if (options.json) return context.output.json(limitView(limit));
      context.output.line(`Limit ${limit.id} is in force.`);
    });
}
