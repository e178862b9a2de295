/** Milliseconds that a timer of Node waits at the most; a longer one ends at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Runs a task again and again, each time after the last one has ended, until `signal` is aborted. Waiting keeps no process alive.
 *
 * @param seconds between two runs, a tenth more or less by chance, so that many applications do not ask at once
 */
export function poll(task: () => Promise<void>, seconds: number, signal: AbortSignal): void {
  if (signal.aborted) return;
  const wait = Math.min(seconds * 1000 * (0.9 + 0.2 * Math.random()), LONGEST_TIMER);
  const timer = setTimeout(async () => {
    signal.removeEventListener('abort', stop);
    await task();
    poll(task, seconds, signal);
  }, wait);
  const stop = () => clearTimeout(timer);
  signal.addEventListener('abort', stop, { once: true });
  timer.unref();
}
