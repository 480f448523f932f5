/** The protocol of the simulated vendor, which is deliberately not OpenAI's. */
export interface SimulatedRequest {
  readonly behaviour: SimulatedBehaviour;
  readonly pace: SimulatedPace;
  /** Everything that must look random, such as ids, derives from it. */
  readonly seed: string;
  /** What the person said last. */
  readonly lastText: string;
  /** Results of the tools that were called last, when the turn is to use them. */
  readonly toolResults: readonly string[];
  /** The tools to call in this turn. */
  readonly calls: readonly SimulatedTool[];
  /** JSON was asked for; with the schema it must fit, or `true` for any object. */
  readonly json?: unknown;
  readonly stop: readonly string[];
  readonly maxTokens?: number;
  /** How many answers to give. */
  readonly answers: number;
  readonly promptCharacters: number;
}

export type SimulatedBehaviour =
  'echo' | 'markdown' | 'tools' | 'reasoning' | 'slow' | SimulatedFault;

export type SimulatedFault =
  'error-429' | 'error-500' | 'error-timeout' | 'error-mid-stream' | 'error-malformed';

export interface SimulatedEmbedding {
  /** Texts, or the tokens of one. */
  readonly inputs: readonly (string | readonly number[])[];
  readonly dimensions: number;
}

export interface SimulatedPace {
  /** Time to the first piece; infinite for a vendor that never answers. */
  readonly firstMs: number;
  /** Pieces per second after it; as fast as they are read when absent. */
  readonly perSecond?: number;
}

export interface SimulatedTool {
  readonly name: string;
  readonly schema: unknown;
}

/** What the vendor sends, in this order per answer: begin, thoughts, text or calls, end. */
export type SimulatedPiece =
  | { readonly kind: 'begin'; readonly answer: number }
  | { readonly kind: 'thought'; readonly answer: number; readonly text: string }
  | { readonly kind: 'text'; readonly answer: number; readonly text: string }
  | SimulatedCall
  | {
      readonly kind: 'input';
      readonly answer: number;
      readonly position: number;
      readonly text: string;
    }
  | { readonly kind: 'end'; readonly answer: number; readonly why: SimulatedEnd }
  | { readonly kind: 'tally'; readonly tally: SimulatedTally }
  | { readonly kind: 'fault'; readonly fault: SimulatedFault };

export interface SimulatedCall {
  readonly kind: 'call';
  readonly answer: number;
  readonly position: number;
  readonly id: string;
  readonly tool: string;
}

export type SimulatedEnd = 'finished' | 'cut' | 'calling';

/** Tokens, disjoint. */
export interface SimulatedTally {
  readonly read: number;
  readonly thought: number;
  readonly written: number;
}
