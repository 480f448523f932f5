import type { ResponsesItem } from '../responses-api.js';

/** What a client said and was answered before, as far as it may refer to it. */
export interface ResponsesHistory {
  /** The stored response of that id; undefined when there is none, or it is somebody else's. */
  find(responseId: string): Promise<StoredResponse | undefined>;
  /** The item of that id in any stored response of the client. */
  findItem(itemId: string): Promise<ResponsesItem | undefined>;
}

export interface StoredResponse {
  /** All that the model read, the items of the responses before included, instructions apart. */
  readonly input: readonly ResponsesItem[];
  readonly output: readonly ResponsesItem[];
}
