import { Installation, type LedgerRow } from '../../bench/installation.ts';
import type { FaultScript } from '../support/fault-script.js';
import { FaultUpstream } from '../support/fault-upstream.js';
import { readNatively, type CommonReading } from './native-reading.js';
import { NATIVE_SOURCES, type NativeRecording, type NativeSource } from './native-sources.js';
import { STREAM_CUTS, type Cutting } from './replay.js';
import { readWithSdk, type Reading, type Refusal } from './sdk-reading.js';

const CLIENT_KEY = 'sk-recordings-0123456789abcdefghijklmnop';

export interface RawAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** A gateway with an instance of every vendor, all of them played by one upstream. */
export class NativeGateway {
  #requestCount = 0;

  private constructor(
    private readonly upstream: FaultUpstream,
    private readonly gateway: Installation,
  ) {}

  static async start(sources: readonly NativeSource[] = NATIVE_SOURCES): Promise<NativeGateway> {
    const upstream = await FaultUpstream.start();
    const gateway = await Installation.create(configurationFor(upstream.url, sources));
    await gateway.start();
    return new NativeGateway(upstream, gateway);
  }

  async stop(): Promise<void> {
    await this.gateway.remove();
    await this.upstream.close();
  }

  /** What the official SDK makes of a recording, and the row. One at a time: the upstream plays one. */
  async read(
    recording: NativeRecording,
    cutting: Cutting,
  ): Promise<{ reading: Reading | Refusal; row: LedgerRow | undefined }> {
    this.#requestCount += 1;
    const requestId = `native-${this.#requestCount}`;
    this.upstream.always(scriptOf(recording, cutting));
    const { instance, model } = recording.source;
    const reading = await readWithSdk({
      baseUrl: `${this.gateway.url}/v1`,
      apiKey: CLIENT_KEY,
      model: `${instance}/${model}`,
      user: 'recordings',
      stream: recording.stream,
      includeUsage: true,
      requestId,
    });
    const rows = await this.gateway.exportRows();
    return { reading, row: rows.find((row) => row.request_id === requestId) };
  }

  /** What is answered to a body, byte by byte, while the upstream plays the recording. */
  async ask(recording: NativeRecording, path: string, body: object): Promise<RawAnswer> {
    // A prime number of bytes: every record and every character is torn somewhere.
    this.upstream.always({ ...scriptOf(recording, 'whole'), cut: 61 });
    const response = await fetch(this.gateway.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, bytes: await response.bytes() };
  }

  /** What the vendor's own client makes of it; undefined when it cannot read it. */
  async readNatively(recording: NativeRecording): Promise<CommonReading | undefined> {
    const { connect, basePath, model } = recording.source;
    if (connect === undefined) return undefined;
    this.upstream.always(scriptOf(recording, 'whole'));
    return readNatively(connect(`${this.upstream.url}${basePath}`, model), recording.stream);
  }
}

function configurationFor(origin: string, sources: readonly NativeSource[]): string {
  const providers = sources.map(
    ({ instance, configuration, basePath }) => `  - name: ${instance}
    ${configuration}
    baseUrl: ${origin}${basePath}
    apiKey: sk-upstream-0123456789abcdefghijklmnopqrst
    retries: { maxAttempts: 1 }`,
  );
  return `providers:
${providers.join('\n')}
clients:
  - name: recordings
    apiKeys: [ "${CLIENT_KEY}" ]
`;
}

export function scriptOf(
  { source, stream, texts }: NativeRecording,
  cutting: Cutting,
): FaultScript {
  if (!stream) return { body: texts[0] ?? '', cut: cutting === '1 byte' ? 1 : 'whole' };
  const { named } = source.framing;
  return {
    ...source.framing,
    events: named ? texts.map((text) => JSON.parse(text) as object) : texts,
    cut: STREAM_CUTS[cutting],
  };
}
