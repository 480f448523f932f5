import type { createAnthropic } from '@ai-sdk/anthropic';

export type NativeModel = ReturnType<ReturnType<typeof createAnthropic>>;

/** What any client makes of an answer, in words that are neither OpenAI's nor the vendor's. */
export interface CommonReading {
  readonly text: string;
  readonly reasoning: string;
  /** Of the calls that the client has to carry out. */
  readonly toolCalls: ReadonlyArray<{ readonly name: string; readonly input: unknown }>;
  readonly finishReason: 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'other';
  readonly usage: {
    readonly input: number;
    readonly cacheRead: number;
    readonly output: number;
    readonly reasoning: number;
  };
}

const PROMPT = {
  prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Again.' }] }],
};

/** What the vendor's own client makes of it; undefined when it cannot read it. */
export async function readNatively(
  model: NativeModel,
  stream: boolean,
): Promise<CommonReading | undefined> {
  try {
    return stream ? await readStream(model) : await readAnswer(model);
  } catch {
    return undefined;
  }
}

type Answer = Awaited<ReturnType<NativeModel['doGenerate']>>;
type Finish = Pick<Answer, 'finishReason' | 'usage'>;

async function readAnswer(model: NativeModel): Promise<CommonReading> {
  const answer = await model.doGenerate(PROMPT);
  const reading = emptyReading();
  for (const part of answer.content) {
    if (part.type === 'text') reading.text += part.text;
    if (part.type === 'reasoning') reading.reasoning += part.text;
    if (part.type === 'tool-call' && !part.providerExecuted) reading.call(part);
  }
  return reading.finish(answer);
}

async function readStream(model: NativeModel): Promise<CommonReading> {
  const { stream } = await model.doStream(PROMPT);
  const reading = emptyReading();
  let finish: Finish | undefined;
  for await (const part of stream) {
    if (part.type === 'text-delta') reading.text += part.delta;
    if (part.type === 'reasoning-delta') reading.reasoning += part.delta;
    if (part.type === 'tool-call' && !part.providerExecuted) reading.call(part);
    if (part.type === 'error') throw part.error;
    if (part.type === 'finish') finish = part;
  }
  if (finish === undefined) throw new Error('The stream did not finish.');
  return reading.finish(finish);
}

function emptyReading() {
  const toolCalls: Array<{ name: string; input: unknown }> = [];
  return {
    text: '',
    reasoning: '',
    call({ toolName, input }: { toolName: string; input: string }): void {
      toolCalls.push({ name: toolName, input: JSON.parse(input === '' ? '{}' : input) });
    },
    finish({ finishReason, usage }: Finish): CommonReading {
      const reason = FINISH_REASONS[finishReason.unified] ?? 'other';
      return {
        text: this.text,
        reasoning: this.reasoning,
        toolCalls,
        finishReason: reason,
        usage: {
          input: usage.inputTokens.total ?? 0,
          cacheRead: usage.inputTokens.cacheRead ?? 0,
          output: usage.outputTokens.total ?? 0,
          reasoning: usage.outputTokens.reasoning ?? 0,
        },
      };
    },
  };
}

const FINISH_REASONS: Readonly<Record<string, CommonReading['finishReason']>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
};
