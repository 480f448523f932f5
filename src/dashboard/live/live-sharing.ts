import { EMPTY, type Observable } from 'rxjs';
import type { LiveTopic } from '../../common/live/live-feed.js';

/** Brings what happens in other processes to the watchers of this one. To be injected as the class. */
export abstract class LiveSharing {
  /** Hot, and without what happens in this process. While nobody subscribes, nobody sends. */
  abstract watch(topic: LiveTopic): Observable<object>;
}

/** For one process. */
export class NoLiveSharing extends LiveSharing {
  watch(): Observable<object> {
    return EMPTY;
  }
}
