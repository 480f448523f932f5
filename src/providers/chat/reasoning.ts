/**
 * One piece of a model's reasoning in a form that its maker accepts back, in OpenRouter's shape,
 * which the field's clients keep. `index` is dense from 0 within an answer: strict clients join
 * the pieces of a stream by it.
 */
export type ReasoningDetail =
  | {
      readonly type: 'reasoning.text';
      readonly text: string;
      readonly signature?: string | null;
      readonly format: ReasoningFormat;
      readonly index: number;
      readonly id?: string | null;
    }
  | {
      readonly type: 'reasoning.summary';
      readonly summary: string;
      readonly format: ReasoningFormat;
      readonly index: number;
      readonly id?: string | null;
    }
  | {
      readonly type: 'reasoning.encrypted';
      readonly data: string;
      readonly format: ReasoningFormat;
      readonly index: number;
      readonly id?: string | null;
    };

/**
 * Who made it. A vendor refuses what another one signed, so a converter takes only its own and
 * leaves out the rest.
 */
export type ReasoningFormat =
  | 'anthropic-claude-v1'
  | 'google-gemini-v1'
  | 'openai-responses-v1'
  | 'azure-openai-responses-v1'
  | 'xai-responses-v1'
  | (string & {});

/** The pieces of a message that a certain vendor made, in their order. */
export function findReasoningOf(format: ReasoningFormat, details: unknown): ReasoningDetail[] {
  if (!Array.isArray(details)) return [];
  return (details as ReasoningDetail[]).filter(
    (detail) => typeof detail === 'object' && detail !== null && detail.format === format,
  );
}
