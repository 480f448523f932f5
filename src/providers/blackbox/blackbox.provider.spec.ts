import { describeProvider } from '../contract/describe-provider.contract.js';
import { OPENAI_VENDOR } from '../openai-compatible/openai-answers.contract.js';
import { BlackboxProvider } from './blackbox.provider.js';

describeProvider('blackbox', {
  create: (upstream) => new BlackboxProvider(upstream),
  vendor: OPENAI_VENDOR,
});
