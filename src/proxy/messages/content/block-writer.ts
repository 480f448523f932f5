import type { BlockDelta, ContentBlock } from '../messages-answer-api.js';

/** One block of a message on its way to the client, as it grows. */
export interface BlockWriter {
  /** How it begins; undefined as long as that is not known, unless nothing more will come. */
  start(isEnding: boolean): ContentBlock | undefined;
  /** What has come since the last call. */
  take(): BlockDelta[];
  /** Whether it is over once another block has begun. */
  readonly isWhole: boolean;
  /** What stands just before its end. */
  end(): BlockDelta[];
}

export class TextWriter implements BlockWriter {
  readonly isWhole = true;
  #pending = '';

  add(text: string): void {
    this.#pending += text;
  }

  start(): ContentBlock {
    return { type: 'text', text: '' };
  }

  take(): BlockDelta[] {
    if (this.#pending === '') return [];
    const text = this.#pending;
    this.#pending = '';
    return [{ type: 'text_delta', text }];
  }

  end(): BlockDelta[] {
    return [];
  }
}

/** Reasoning that Anthropic hides; it comes at once. */
export class RedactedThinkingWriter implements BlockWriter {
  readonly isWhole = true;

  constructor(private readonly data: string) {}

  start(): ContentBlock {
    return { type: 'redacted_thinking', data: this.data };
  }

  take(): BlockDelta[] {
    return [];
  }

  end(): BlockDelta[] {
    return [];
  }
}
