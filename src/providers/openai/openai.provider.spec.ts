import { describeProvider } from '../contract/describe-provider.contract.js';
import { OPENAI_VENDOR } from '../openai-compatible/openai-answers.contract.js';
import { OpenAiProvider } from './openai.provider.js';

describeProvider('openai', {
  create: (upstream) => new OpenAiProvider(upstream),
  vendor: OPENAI_VENDOR,
});
