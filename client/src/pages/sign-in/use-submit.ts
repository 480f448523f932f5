import { useState } from 'react';

/** Runs what a form does once at a time, and keeps why it failed. */
export function useSubmit<Values>(work: (values: Values) => Promise<void>, onDone: () => void) {
  const [failure, setFailure] = useState<unknown>();
  const submit = async (values: Values) => {
    setFailure(undefined);
    try {
      await work(values);
    } catch (thrown) {
      setFailure(thrown);
      return;
    }
    onDone();
  };
  return { submit, failure };
}
