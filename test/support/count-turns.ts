/** How often a timer of this process came to its turn until `work` was done. */
export async function countTurnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  try {
    await work;
    return turns;
  } finally {
    clearInterval(timer);
  }
}
