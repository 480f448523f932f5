import { describeProvider } from '../contract/describe-provider.contract.js';
import { ANTHROPIC_VENDOR } from './anthropic-answers.contract.js';
import { AnthropicProvider } from './anthropic.provider.js';

describeProvider('anthropic', {
  create: (upstream) => new AnthropicProvider(upstream),
  vendor: ANTHROPIC_VENDOR,
});
