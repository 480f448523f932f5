/** Taken over as they are. https://ai.google.dev/api/caching#Schema */
export const OPENAPI_KEYWORDS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
  'minimum',
  'maximum',
  'pattern',
  'required',
  'propertyOrdering',
  'nullable',
]);

/** They say something to readers and nothing to a validator. */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$comment',
  '$defs',
  'definitions',
  'deprecated',
  'examples',
  'example',
  'readOnly',
  'writeOnly',
  'strict',
]);
