// Writes the types of the API from what the built server says of itself.
import { writeFile } from 'node:fs/promises';
import { Installation } from '../../test/smoke/installation.ts';
import { SCHEMA_FILE, schemaOf } from './api-schema.ts';

const proxy = await Installation.start();
try {
  await writeFile(SCHEMA_FILE, await schemaOf(proxy));
} finally {
  await proxy.stop();
}
