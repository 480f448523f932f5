import * as z from 'zod/mini';

/** As the server has it; length is what makes passwords hard to guess. */
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 256;

export const newPassword = z
  .string()
  .check(z.minLength(SHORTEST_PASSWORD), z.maxLength(LONGEST_PASSWORD));
