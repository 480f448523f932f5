/** Values that ask for what holds anyway, so that leaving them out loses nothing. */
const NEUTRAL_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  stream: [false],
  temperature: [1],
  top_p: [1],
  n: [1],
  presence_penalty: [0],
  frequency_penalty: [0],
  logprobs: [false],
  top_logprobs: [0],
  user: [''],
  store: [false],
  service_tier: ['auto', 'default'],
  verbosity: ['medium'],
  parallel_tool_calls: [true],
  function_call: ['none'],
};

/** Whether a member of a request says nothing that would be missed. */
export function isNeutral(field: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (field === 'modalities') return JSON.stringify(value) === '["text"]';
  if (Array.isArray(value)) return value.length === 0;
  if (field === 'metadata' || field === 'logit_bias') return Object.keys(value).length === 0;
  return NEUTRAL_VALUES[field]?.includes(value) ?? false;
}
