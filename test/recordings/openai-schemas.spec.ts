import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canAnswer, CLIENT_ROUTES, requestFor, type ClientRoute } from './client-routes.js';
import { CHAT_ONLY, EVERY_SOURCE, loadEveryRecording } from './every-source.js';
import { exceptedRules } from './exceptions.js';
import { NativeGateway, type RawAnswer } from './native-gateway.js';
import {
  isResponsesApi,
  UNREADABLE,
  type NativeRecording,
  type NativeSource,
} from './native-sources.js';
import { OpenAiSchemas, type SchemaName } from './openai-schemas.js';
import { RECORDINGS_DIR } from './recordings.js';
import { LIFTED, VENDORS_OWN_FORMS } from './schema-exceptions.js';

/** By route: what an answer is, and what each event of a stream. */
const SCHEMAS: Readonly<Record<string, readonly [answer: SchemaName, event: SchemaName]>> = {
  chat: ['chat', 'chat chunk'],
  responses: ['response', 'response event'],
  completions: ['completion', 'completion'],
};

const recordings = loadEveryRecording().filter(({ name }) => !UNREADABLE.has(name));
const routes = CLIENT_ROUTES.filter(({ name }) => name in SCHEMAS);
const schemas = new OpenAiSchemas();
let gateway: NativeGateway;

/** Written by OpenAI itself or by its models' other host. */
function ownOf(route: string): NativeRecording[] {
  const pattern = route === 'chat' ? /^openai\/chat\// : /^openai\/responses\//;
  return recordings.filter(({ name }) => pattern.test(name));
}

function breachesOf(route: string, stream: boolean, values: readonly unknown[]): string[] {
  const name = SCHEMAS[route]![stream ? 1 : 0];
  return [...new Set(values.flatMap((value) => schemas.breachesOf(name, value)))].sort();
}

function ownBreaches(route: string, { stream, texts }: NativeRecording): string[] {
  return breachesOf(
    route,
    stream,
    texts.map((text) => JSON.parse(text)),
  );
}

function withoutLifted(rules: readonly string[], isVendors: boolean): string[] {
  const lifted = LIFTED.filter(({ everywhere }) => isVendors || everywhere);
  return rules.filter((told) => !lifted.some(({ rule }) => told.endsWith(rule)));
}

function valuesOf({ bytes }: RawAnswer, stream: boolean): unknown[] {
  const text = Buffer.from(bytes).toString();
  if (!stream) return [JSON.parse(text)];
  const data = [...text.matchAll(/^data: (\{.*)$/gm)];
  return data.map(([, json]) => JSON.parse(json!) as unknown);
}

function named(some: readonly NativeRecording[]) {
  return some.map((recording) => [recording.name, recording] as const);
}

describe.runIf(recordings.length > 0)('OpenAI’s description of its answers', () => {
  beforeAll(async () => {
    gateway = await NativeGateway.start([...EVERY_SOURCE, CHAT_ONLY]);
  });

  afterAll(async () => {
    await gateway?.stop();
  });

  it.for(LIFTED.filter(({ shownBy }) => shownBy))('is not kept by OpenAI: $rule', (lifted) => {
    const shown = ['chat', 'responses'].flatMap((route) =>
      ownOf(route)
        .filter(({ name }) => lifted.shownBy?.test(name))
        .flatMap((recording) => ownBreaches(route, recording)),
    );
    expect(shown.filter((rule) => rule.endsWith(lifted.rule))).not.toEqual([]);
  });

  it('refuses what is not of its form', () => {
    const [, event] = SCHEMAS['responses']!;
    expect(schemas.breachesOf(event, { type: 'response.output_text.delta' })).toContain(
      "response event must have required property 'delta'",
    );
    expect(schemas.breachesOf('chat', { object: 'chat' })).toContain(
      'chat/object must be equal to constant',
    );
  });

  describe.for(routes.map((route) => [route.name, route] as const))('%s', ([name, route]) => {
    const playable = recordings.filter((recording) => canAnswer(recording, route));
    it.for(named(playable))('%s', async ([, recording]) => {
      const answer = await gateway.ask(recording, route.path, requestFor(recording, route));
      if (answer.status !== 200) return expectError(answer);
      const told = breachesOf(name, recording.stream, valuesOf(answer, recording.stream));
      const isVendors = isWrittenByVendor(recording, route);
      const excepted = exceptedRules(VENDORS_OWN_FORMS, name, recording.name);
      expect(withoutLifted(told, isVendors)).toEqual(excepted);
      const own = excepted.length > 0 ? ownBreaches(name, recording) : [];
      expect(own).toEqual(expect.arrayContaining(excepted));
    });
  });

  it('has no exception that nothing needs', () => {
    const idle = VENDORS_OWN_FORMS.filter(
      (each) => !recordings.some(({ name }) => each.recordings.test(name)),
    );
    expect(idle).toEqual([]);
  });

  it('is kept by embeddings', async () => {
    const source: NativeSource = EVERY_SOURCE.find(({ instance }) => instance === 'openai')!;
    const name = 'openai/embedding/openai-embedding.json';
    const texts = [readFileSync(join(RECORDINGS_DIR, name), 'utf8')];
    const answer = await gateway.ask({ name, source, stream: false, texts }, '/v1/embeddings', {
      model: `${source.instance}/${source.model}`,
      input: ['Once.', 'Again.'],
      encoding_format: 'float',
    });
    expect(answer.status).toBe(200);
    expect(schemas.breachesOf('embeddings', valuesOf(answer, false)[0])).toEqual([]);
  });
});

/** As opposed to what is told in another dialect than the vendor's. */
function isWrittenByVendor(recording: NativeRecording, route: ClientRoute): boolean {
  if (route.name === 'chat') return recording.source.framing.done === true;
  return isResponsesApi(recording);
}

function expectError(answer: RawAnswer): void {
  const [body] = valuesOf(answer, false) as [{ error: unknown }];
  expect(schemas.breachesOf('error', body.error)).toEqual([]);
}
