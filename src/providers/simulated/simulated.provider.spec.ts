import { describeProvider } from '../contract/describe-provider.contract.js';
import { SimulatedProvider } from './simulated.provider.js';

describeProvider('simulated', {
  create: () => new SimulatedProvider(),
  vendor: {
    kind: 'in-process',
    text: {
      model: 'echo',
      expected: { text: 'Say hello', toolCalls: [], finishReason: 'stop', input: 43, output: 3 },
    },
    tools: {
      model: 'tools',
      expected: {
        text: '',
        toolCalls: [{ name: 'weather', arguments: { city: 'Berlin' } }],
        finishReason: 'tool_calls',
        input: 43,
        output: 6,
      },
    },
    failing: [
      ['error-429', 'rate_limited'],
      ['error-500', 'failed'],
      ['error-timeout', 'timeout'],
      ['error-malformed', 'invalid_response'],
      ['embed', 'rejected'],
      ['nobody', 'rejected'],
    ],
    breaking: ['error-mid-stream', 'failed'],
    stalling: 'slow-600000ms-1cps',
    embedding: 'embed',
  },
});
