import type { ResponseState } from './response-envelope.js';

type EndState = Pick<ResponseState, 'status' | 'incomplete_details'>;

/** How an answer ended; one that does not say is taken to be whole. */
export function mapFinishReason(reason: string | null | undefined): EndState {
  switch (reason) {
    case 'length':
      return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    case 'content_filter':
      return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
    default:
      return { status: 'completed', incomplete_details: null };
  }
}
