import { fileURLToPath } from 'node:url';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { TypesToSchemas } from './types-to-schemas.js';

/** The official SDK's types are generated from OpenAI's public description of its API. */
const RESOURCES = fileURLToPath(new URL('.', import.meta.resolve('openai/resources/index.mjs')));

const TYPES = {
  chat: ['chat/completions/completions.d.ts', 'ChatCompletion'],
  'chat chunk': ['chat/completions/completions.d.ts', 'ChatCompletionChunk'],
  completion: ['completions.d.ts', 'Completion'],
  response: ['responses/responses.d.ts', 'Response'],
  'response event': ['responses/responses.d.ts', 'ResponseStreamEvent'],
  embeddings: ['embeddings.d.ts', 'CreateEmbeddingResponse'],
  error: ['shared.d.ts', 'ErrorObject'],
} as const;

export type SchemaName = keyof typeof TYPES;

/** Checks values against OpenAI's own description of what it answers. */
export class OpenAiSchemas {
  readonly #validators = new Map<string, ValidateFunction>();

  constructor() {
    const entries = Object.entries(TYPES);
    const types = new TypesToSchemas(entries.map(([, [file]]) => RESOURCES + file));
    const named = entries.map(
      ([name, [file, type]]) => [name, types.schemaOf(RESOURCES + file, type)] as const,
    );
    const ajv = new Ajv({ allErrors: true, discriminator: true, allowUnionTypes: true });
    ajv.addSchema({
      $id: 'openai',
      definitions: { ...types.definitions, ...Object.fromEntries(named) },
    });
    for (const [name] of named) {
      this.#validators.set(
        name,
        ajv.compile({ $ref: `openai#/definitions/${encodeURIComponent(name)}` }),
      );
    }
  }

  /** The rules that the value breaks, each once, without the places in its lists. */
  breachesOf(name: SchemaName, value: unknown): string[] {
    const validate = this.#validators.get(name)!;
    if (validate(value)) return [];
    const told = (validate.errors ?? []).filter(({ keyword }) => !JOINTS.has(keyword));
    return [...new Set(told.map((error) => `${name}${describe(error)}`))];
  }
}

/** They say that one of several schemas is broken; that one says how. */
const JOINTS = new Set(['anyOf', 'if']);

function describe({ instancePath, message, params }: ErrorObject): string {
  const path = instancePath.replaceAll(/\/\d+(?=\/|$)/g, '/*');
  const tag = 'tagValue' in params ? `: ${String(params['tagValue'])}` : '';
  return `${path} ${message ?? ''}${tag}`;
}
