import { setTimeout } from 'node:timers/promises';
import { LONGEST_TIMER } from '../../config/duration.ts';
import type { Clock } from './watch.ts';

/** The time of day. It is over when the signal says so, or after `limit` milliseconds. */
export function openClock(now: () => number, signal: AbortSignal, limit: number | null): Clock {
  const began = now();
  const left = () => (limit === null ? Number.POSITIVE_INFINITY : limit - (now() - began));
  return {
    now,
    isOver: () => signal.aborted || left() <= 0,
    async sleep(milliseconds) {
      try {
        await setTimeout(Math.max(0, Math.min(milliseconds, left(), LONGEST_TIMER)), undefined, { signal });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}
