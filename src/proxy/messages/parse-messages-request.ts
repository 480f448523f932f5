import { compileSchema, validate } from '../body/validate.js';
import type { MessagesRequest } from './messages-api.js';
import { COUNT_TOKENS_REQUEST_SCHEMA, MESSAGES_REQUEST_SCHEMA } from './messages-request.schema.js';

const checkMessagesRequest = compileSchema(MESSAGES_REQUEST_SCHEMA);
const checkCountTokensRequest = compileSchema(COUNT_TOKENS_REQUEST_SCHEMA);

/** @throws ApiError `invalid_value` that names the JSON path */
export function parseMessagesRequest(value: unknown): MessagesRequest {
  validate<MessagesRequest>(checkMessagesRequest, value);
  return value;
}

/** @throws ApiError `invalid_value` that names the JSON path */
export function parseCountTokensRequest(value: unknown): MessagesRequest {
  validate<MessagesRequest>(checkCountTokensRequest, value);
  return value;
}
