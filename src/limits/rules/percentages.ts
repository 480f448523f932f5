import type { ValueTransformer } from 'typeorm';

/** A list of whole numbers as a JSON array in a text column. */
export const percentages: ValueTransformer = {
  to: (value: readonly number[] | undefined) =>
    value === undefined ? undefined : JSON.stringify(value),
  from: (value: string) => JSON.parse(value) as number[],
};
