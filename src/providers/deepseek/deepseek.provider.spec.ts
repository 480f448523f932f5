import { describeProvider } from '../contract/describe-provider.contract.js';
import { OPENAI_VENDOR } from '../openai-compatible/openai-answers.contract.js';
import { DeepSeekProvider } from './deepseek.provider.js';

describeProvider('deepseek', {
  create: (upstream) => new DeepSeekProvider(upstream),
  vendor: OPENAI_VENDOR,
});
