import { z } from 'zod';

/** `45s`, `30m`, `1h`, `1d`. */
export const duration = z
  .string()
  .regex(/^\d+(s|m|h|d)$/, 'Give a whole number with s, m, h or d, as in "30m"');

/** Milliseconds that a timer of Node waits at the most; a longer one ends at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of what {@link duration} takes. */
export function millisecondsOf(text: string): number {
  return Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? 0);
}
