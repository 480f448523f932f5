import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { piecesOf } from '../support/fault-script.js';
import {
  askedFor,
  breachesOf,
  canAnswer,
  CLIENT_ROUTES,
  requestFor,
  type ClientRoute,
} from './client-routes.js';
import { CHAT_ONLY, EVERY_SOURCE, loadEveryRecording } from './every-source.js';
import { exceptedRules } from './exceptions.js';
import { VENDORS_OWN_GRAMMAR } from './grammar-exceptions.js';
import { NativeGateway, scriptOf } from './native-gateway.js';
import { UNREADABLE, type NativeRecording } from './native-sources.js';

/** OpenAI's account had no money left: an error before the first byte. */
const REFUSED = 'openai/responses/openai-error.1.chunks.txt';

const streams = loadEveryRecording().filter(({ stream, name }) => stream && name !== REFUSED);
const readable = streams.filter(({ name }) => !UNREADABLE.has(name));
const unreadable = streams.filter(({ name }) => UNREADABLE.has(name));
const routes = CLIENT_ROUTES.map((route) => [route.name, route] as const);
let gateway: NativeGateway;

function playedOn(route: ClientRoute): NativeRecording[] {
  return readable.filter((recording) => canAnswer(recording, route));
}

function named(recordings: readonly NativeRecording[]) {
  return recordings.map((recording) => [recording.name, recording] as const);
}

async function vendorsOwn(recording: NativeRecording): Promise<Buffer> {
  return Buffer.concat(await piecesOf(scriptOf(recording, 'whole')));
}

describe.runIf(streams.length > 0)('the grammar of every stream', () => {
  beforeAll(async () => {
    gateway = await NativeGateway.start([...EVERY_SOURCE, CHAT_ONLY]);
  });

  afterAll(async () => {
    await gateway?.stop();
  });

  describe.for(routes)('%s', ([, route]) => {
    it.for(named(playedOn(route)))('%s', async ([, recording]) => {
      const { status, bytes } = await gateway.ask(
        recording,
        route.path,
        requestFor(recording, route),
      );
      const text = Buffer.from(bytes).toString();
      expect(status, text).toBe(200);
      const excepted = exceptedRules(VENDORS_OWN_GRAMMAR, route.name, recording.name);
      const breaches = breachesOf(route, bytes);
      expect(breaches.rules, breaches.details).toEqual(excepted);
      // An exception is for what the vendor does, and never for what is done here.
      const own = excepted.length > 0 ? breachesOf(route, await vendorsOwn(recording)).rules : [];
      expect(own).toEqual(expect.arrayContaining(excepted));
      if (excepted.length > 0) expect(askedFor(recording, route)).toBe(recording.source);
      const hadReplacement = recording.texts.some((each) => each.includes('\uFFFD'));
      expect(text.includes('\uFFFD')).toBe(hadReplacement);
    });

    it.for(named(unreadable))('%s ends as an error and not as an answer', async ([, recording]) => {
      const body = requestFor(recording, route);
      const { bytes } = await gateway.ask(recording, route.path, body);
      const text = Buffer.from(bytes).toString();
      expect(text).toContain('The upstream began its answer a second time');
      expect(text).toMatch(route.failure);
      expect(text).not.toContain(route.end);
    });
  });

  it('has no exception that nothing needs', () => {
    const idle = VENDORS_OWN_GRAMMAR.filter(({ route: name, recordings }) => {
      const route = CLIENT_ROUTES.find((each) => each.name === name)!;
      return !playedOn(route).some((recording) => recordings.test(recording.name));
    });
    expect(idle).toEqual([]);
  });
});
