import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const BYTES_PER_ID = 16;
/** Asking the operating system once for many ids costs a fraction of asking for each. */
const POOLED_IDS = 256;

const pool = new Uint8Array(BYTES_PER_ID * POOLED_IDS);
let taken = POOLED_IDS;
let lastMs = 0;
let sequence = 0;

/** Time-ordered and unique, also within a millisecond: what is written in sequence is stored in sequence. */
export function newRequestId(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    sequence = 0;
  } else {
    sequence += 1;
  }
  return `req_${uuidv7({ msecs: lastMs, seq: sequence, random: nextRandom() }).replaceAll('-', '')}`;
}

function nextRandom(): Uint8Array {
  if (taken === POOLED_IDS) {
    randomFillSync(pool);
    taken = 0;
  }
  const start = taken * BYTES_PER_ID;
  taken += 1;
  return pool.subarray(start, start + BYTES_PER_ID);
}
