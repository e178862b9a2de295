import { pathToFileURL } from 'node:url';
import { onTestFinished, vi } from 'vitest';

export const [minutes, hours] = [60_000, 3_600_000];
const days = 24 * hours;

/** A Monday, at midnight UTC: monitoring counts in days of UTC. */
const begin = Date.parse('2040-03-05T00:00:00Z');

export type WorldClock = ReturnType<typeof startWorldClock>;

/**
 * The time of a story that takes days: alerts compare days with days, and a baseline ends a day before its window. It goes on as the
 * machine's clock does, and is put forward where nothing happens. The application, the test GitHub and jobs all go by it.
 */
export function startWorldClock() {
  const machine = Date.now;
  let ahead = begin - machine();
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => machine() + ahead);
  onTestFinished(() => clock.mockRestore());
  return {
    /** Milliseconds since 1970 of a moment of the story. */
    at: (day: number, time = 0): number => begin + day * days + time,
    /** Puts the clock forward to a moment. */
    goTo(day: number, time = 0): void {
      const wait = begin + day * days + time - Date.now();
      if (wait < 0) throw new Error(`this moment of day ${day} is over`);
      ahead += wait;
    },
    /** Puts the clock forward by so many milliseconds. */
    pass(milliseconds: number): void {
      ahead += milliseconds;
    },
    /** The environment of a job that begins now. */
    environment: (): Record<string, string> => ({
      NODE_OPTIONS: `--import ${pathToFileURL(`${import.meta.dirname}/clock-ahead.ts`)}`,
      CLOCK_AHEAD: String(ahead),
    }),
  };
}
