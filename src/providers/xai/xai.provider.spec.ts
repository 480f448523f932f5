import { describeProvider } from '../contract/describe-provider.contract.js';
import { OPENAI_VENDOR } from '../openai-compatible/openai-answers.contract.js';
import { XaiProvider } from './xai.provider.js';

describeProvider('xai', {
  create: (upstream) => new XaiProvider(upstream),
  vendor: OPENAI_VENDOR,
});
