import { useEffect, useRef } from 'react';
import { useChoice } from '@/preferences/choice';
import { liveConnection, type LiveState } from './live-connection';
import type { LiveTopic } from './live-frames';

/** At most ten paints a second, whatever arrives. */
const PAINT_EVERY_MS = 100;
/** Browsers slow the timers of hidden pages down; what piles up meanwhile is bounded, and counted. */
const MOST_GATHERED = 1_000;

export interface LiveOptions<Event, Item> {
  /** Events since the last call, oldest first; called at most ten times a second. */
  onEvents: (events: readonly Event[]) => void;
  /** All there is, of topics that have a state: at the beginning, and whenever events were missed. */
  onState?: (items: readonly Item[]) => void;
  /** Events were missed, so many or unknown: of a topic without a state, ask the server anew. */
  onMissed: (count: number | undefined) => void;
  /** False pauses. */
  isOn?: boolean;
}

/** Follows a topic while the component is shown. Gives the state of the connection. */
export function useLive<Event, Item = unknown>(
  topic: LiveTopic,
  options: LiveOptions<Event, Item>,
): LiveState {
  const current = useRef(options);
  useEffect(() => {
    current.current = options;
  });
  const isOn = options.isOn ?? true;

  useEffect(() => {
    if (!isOn) return undefined;
    let gathered: Event[] = [];
    let dropped = 0;
    const timer = setInterval(() => {
      if (gathered.length === 0) return;
      if (dropped > 0) {
        current.current.onMissed(dropped);
        liveConnection.resynchronise(topic);
      }
      dropped = 0;
      const events = gathered;
      gathered = [];
      current.current.onEvents(events);
    }, PAINT_EVERY_MS);
    const stop = liveConnection.follow(topic, {
      onEvent: (data) => {
        if (gathered.length < MOST_GATHERED) gathered.push(data as Event);
        else dropped += 1;
      },
      onState: (items) => {
        // What was gathered before it is in it.
        gathered = [];
        current.current.onState?.(items as readonly Item[]);
      },
      onLagged: (count) => current.current.onMissed(count),
      onResumed: () => current.current.onMissed(undefined),
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [topic, isOn]);

  return useChoice(liveConnection.state);
}
