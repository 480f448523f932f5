/** Marks what this vendor signed among the reasoning that clients keep. */
export const REASONING_FORMAT = 'google-gemini-v1';

/** How a function call's signature travels with its tool call, as the vendor's OpenAI endpoint has it. */
export function toExtraContent(signature: string | undefined): unknown {
  return signature === undefined ? undefined : { google: { thought_signature: signature } };
}
