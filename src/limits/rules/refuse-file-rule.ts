import { ApiError } from '../../common/errors/api-error.js';
import type { RuleSources } from './rule-sources.js';

/** Throws `conflict` when the id is that of a limit or budget of the configuration file. */
export async function refuseFileRule(sources: RuleSources, id: string): Promise<void> {
  const { limits, budgets } = await sources.read();
  const rule = [...limits, ...budgets].find((each) => each.id === id);
  if (rule?.source !== 'config') return;
  throw new ApiError(
    'conflict',
    'This is managed by llm-proxy.yaml: change it there, or add another rule beside it.',
  );
}
