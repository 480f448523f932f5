import { EMPTY, type Observable } from 'rxjs';
import type { LiveTopic } from '../../common/live/live-feed.js';

/** Events of another process that could not be brought over. */
export interface MissedElsewhere {
  readonly topic: LiveTopic;
  readonly count: number;
}

/** Brings what happens in other processes to the watchers of this one. To be injected as the class. */
export abstract class LiveSharing {
  abstract readonly missed: Observable<MissedElsewhere>;

  /** Hot, and without what happens in this process. While nobody subscribes, nobody sends. */
  abstract watch(topic: LiveTopic): Observable<object>;
}

/** For one process. */
export class NoLiveSharing extends LiveSharing {
  readonly missed = EMPTY;

  watch(): Observable<object> {
    return EMPTY;
  }
}
