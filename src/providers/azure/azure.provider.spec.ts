import { describeProvider } from '../contract/describe-provider.contract.js';
import { OPENAI_VENDOR } from '../openai-compatible/openai-answers.contract.js';
import { AzureProvider } from './azure.provider.js';

describeProvider('azure', {
  create: (upstream) => new AzureProvider(upstream),
  vendor: OPENAI_VENDOR,
});
