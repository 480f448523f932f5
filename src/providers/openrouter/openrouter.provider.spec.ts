import { describeProvider } from '../contract/describe-provider.contract.js';
import { OPENAI_VENDOR } from '../openai-compatible/openai-answers.contract.js';
import { OpenRouterProvider } from './openrouter.provider.js';

describeProvider('openrouter', {
  create: (upstream) => new OpenRouterProvider(upstream),
  vendor: OPENAI_VENDOR,
});
