/** What can be followed. */
export const LIVE_TOPICS = [
  'requests',
  'in-flight',
  'breakers',
  'budgets',
  'system',
  'logs',
] as const;
export type LiveTopic = (typeof LIVE_TOPICS)[number];

/**
 * What the server sends, several at once: `event` names the topic, or `lagged` when events were left
 * out because this browser read too slowly, or `state` with all there is of a topic at that moment.
 */
export type LiveFrame =
  | { readonly kind: 'event'; readonly topic: LiveTopic; readonly data: unknown }
  | { readonly kind: 'state'; readonly topic: LiveTopic; readonly items: readonly unknown[] }
  | { readonly kind: 'lagged'; readonly topic: LiveTopic; readonly count: number };

/** What one message holds, without what a newer server may send. */
export function readFrames(text: string): LiveFrame[] {
  const frames: unknown = JSON.parse(text);
  return Array.isArray(frames) ? frames.flatMap((frame: unknown) => readFrame(frame) ?? []) : [];
}

function readFrame(frame: unknown): LiveFrame | undefined {
  if (!isRecord(frame)) return undefined;
  const { event, data } = frame;
  if (event === 'lagged' && isRecord(data)) {
    const topic = topicOf(data['topic']);
    const count = Number(data['count']);
    return topic === undefined ? undefined : { kind: 'lagged', topic, count };
  }
  if (event === 'state' && isRecord(data)) {
    const topic = topicOf(data['topic']);
    const { items } = data;
    return topic === undefined || !Array.isArray(items)
      ? undefined
      : { kind: 'state', topic, items };
  }
  const topic = topicOf(event);
  return topic === undefined ? undefined : { kind: 'event', topic, data };
}

/** Tells the server which topics this page shows now. */
export function subscribeFrame(topics: readonly LiveTopic[]): string {
  return JSON.stringify({ event: 'subscribe', data: { topics } });
}

function topicOf(value: unknown): LiveTopic | undefined {
  return LIVE_TOPICS.find((topic) => topic === value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
