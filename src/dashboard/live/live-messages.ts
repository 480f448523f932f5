import { Injectable } from '@nestjs/common';
import { includesRole, type Role } from '../../audit/actor.js';
import { LIVE_TOPICS, type LiveTopic } from '../../common/live/live-feed.js';
import { entryOf, type LiveConnection } from './live-connection.js';
import { LiveWatchers } from './live-watchers.js';

/** Logs may name what people asked for, so they are as closed as the list of them. */
const ROLE_FOR: Partial<Record<LiveTopic, Role>> = { logs: 'operator' };

/**
 * What a watcher says. There is one message, `{"event":"subscribe","data":{"topics":[…]}}`: from now
 * on these topics and no others. Whatever else it says is ignored: a newer page may know more.
 */
@Injectable()
export class LiveMessages {
  constructor(private readonly watchers: LiveWatchers) {}

  receive(connection: LiveConnection, text: string): void {
    const wanted = findTopics(text);
    if (wanted === undefined) return;
    const granted = LIVE_TOPICS.filter(
      (topic) => wanted.includes(topic) && includesRole(connection.role, roleFor(topic)),
    );
    const refused = wanted.filter((name) => !granted.some((topic) => topic === name));
    connection.put(entryOf('subscribed', { topics: granted, refused }));
    this.watchers.follow(connection, new Set(granted));
  }
}

function roleFor(topic: LiveTopic): Role {
  return ROLE_FOR[topic] ?? 'viewer';
}

/** Undefined when it is not that message. */
function findTopics(text: string): string[] | undefined {
  let message: { event?: unknown; data?: { topics?: unknown } | null } | null;
  try {
    message = JSON.parse(text) as typeof message;
  } catch {
    return undefined;
  }
  const topics = message?.data?.topics;
  if (message?.event !== 'subscribe' || !Array.isArray(topics)) return undefined;
  return topics.filter((topic): topic is string => typeof topic === 'string');
}
