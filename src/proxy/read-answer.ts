import { Subscription, type Observable } from 'rxjs';

/** What is done with an answer; each promise is awaited, and none rejects for a told failure. */
export interface AnswerReader<Step> {
  /** Gets what ends the answer at any moment, as an upstream's error would. */
  begin?(stop: (error: unknown) => void): void;
  relay(step: Step): void;
  complete(): Promise<void>;
  /** The upstream's error, or one of `relay`. Rejects when nobody has been told yet. */
  fail(error: unknown): Promise<void>;
}

/**
 * Subscribes and resolves when the reader is done. A reader that throws ends the answer as an
 * upstream's error would: RxJS would throw it at the process.
 */
export function readAnswer<Step>(
  steps: Observable<Step>,
  reader: AnswerReader<Step>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => void reader.fail(error).then(resolve, reject);
    const subscription = new Subscription();
    reader.begin?.((error) => {
      subscription.unsubscribe();
      fail(error);
    });
    subscription.add(
      steps.subscribe({
        next: (step) => {
          try {
            reader.relay(step);
          } catch (error) {
            subscription.unsubscribe();
            fail(error);
          }
        },
        error: fail,
        complete: () => void reader.complete().then(resolve, reject),
      }),
    );
  });
}
