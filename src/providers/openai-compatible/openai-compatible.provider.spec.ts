import { describeProvider } from '../contract/describe-provider.contract.js';
import { OPENAI_VENDOR } from './openai-answers.contract.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';

describeProvider('openai-compatible', {
  create: (upstream) => new OpenAiCompatibleProvider(upstream),
  vendor: OPENAI_VENDOR,
});
