import { ApiKey } from './api-key.entity.js';
import { Client } from './client.entity.js';

/** To be given to the data sources. */
export const CLIENT_ENTITIES = [Client, ApiKey];
