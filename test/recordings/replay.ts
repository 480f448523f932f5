import type { FaultScript } from '../support/fault-script.js';
import type { RecordedRequest } from '../support/fault-upstream.js';
import type { Recording } from './recordings.js';

/** The ways in which the same answer is cut into pieces on its way. */
export const CUTTINGS = ['whole', 'per event', '1 byte', '7 bytes', 'with comments'] as const;
export type Cutting = (typeof CUTTINGS)[number];

export const STREAM_CUTS = {
  whole: 'whole',
  'per event': 'per-event',
  '1 byte': 1,
  '7 bytes': 7,
  'with comments': 'with-comments',
} as const satisfies Record<Cutting, FaultScript['cut']>;

/** A JSON body has no events and no comments: pieces of 64 bytes, and DeepSeek's blank lines before it. */
const BODY_CUTS = {
  whole: 'whole',
  'per event': 64,
  '1 byte': 1,
  '7 bytes': 7,
  'with comments': 'whole',
} as const satisfies Record<Cutting, FaultScript['cut']>;

/** Travels in `user`, which every upstream of these dialects accepts and the gateway passes on. */
export function planReplay(recording: Recording, cutting: Cutting): string {
  return `${recording.name}|${cutting}`;
}

/** Plays back what the request's `user` names. */
export function replayFrom(
  recordings: readonly Recording[],
): (request: RecordedRequest) => FaultScript {
  const byName = new Map(recordings.map((recording) => [recording.name, recording]));
  return (request) => {
    const { user } = JSON.parse(request.body) as { user?: string };
    const [name = '', cutting = ''] = user?.split('|') ?? [];
    const recording = byName.get(name);
    if (recording === undefined) return { status: 501, body: { error: { message: 'No replay.' } } };
    return scriptFor(recording, cutting as Cutting);
  };
}

function scriptFor(recording: Recording, cutting: Cutting): FaultScript {
  if (recording.kind === 'stream') {
    return { events: recording.texts, done: true, cut: STREAM_CUTS[cutting] };
  }
  const before = cutting === 'with comments' ? '\n\n\n' : '';
  return {
    status: recording.kind === 'error' ? 400 : 200,
    body: before + recording.texts[0]!,
    cut: BODY_CUTS[cutting],
  };
}
