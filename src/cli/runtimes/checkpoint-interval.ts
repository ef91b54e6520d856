/** ALPHASWEEP_CHECKPOINT_SECONDS, where it is a number, is the time between checkpoints. */
export function checkpointInterval(): { checkpointInterval?: number } {
  const seconds = Number(process.env.ALPHASWEEP_CHECKPOINT_SECONDS || NaN);
  return seconds >= 0 ? { checkpointInterval: 1000 * seconds } : {};
}
