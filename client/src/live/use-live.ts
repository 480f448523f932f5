import { useEffect, useRef } from 'react';
import { useChoice } from '@/preferences/choice';
import { liveConnection, type LiveState } from './live-connection';
import type { LiveTopic } from './live-frames';

/** At most ten paints a second, whatever arrives. */
const PAINT_EVERY_MS = 100;
/** Browsers slow the timers of hidden pages down; what piles up meanwhile is bounded, and counted. */
const MOST_GATHERED = 1_000;

export interface LiveOptions<Event> {
  /** Events since the last call, oldest first; called at most ten times a second. */
  onEvents: (events: readonly Event[]) => void;
  /** Events were missed, so many or unknown: ask the server anew for what is shown. */
  onMissed: (count: number | undefined) => void;
  /** False pauses. */
  isOn?: boolean;
}

/** Follows a topic while the component is shown. Gives the state of the connection. */
export function useLive<Event>(topic: LiveTopic, options: LiveOptions<Event>): LiveState {
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
      if (dropped > 0) current.current.onMissed(dropped);
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
