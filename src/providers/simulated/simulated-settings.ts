import { z } from 'zod';

/** What an instance of the type may set under `settings`; the numbers are those of the model `slow`. */
export const simulatedSettings = z.strictObject({
  slowFirstChunkMs: z.number().int().min(0).max(600_000).default(1000),
  slowChunksPerSecond: z.number().min(0.1).max(100_000).default(10),
});

export type SimulatedSettings = z.infer<typeof simulatedSettings>;
