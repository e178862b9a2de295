import type { FlakyExample } from '../evaluation/scorecard.ts';
import { countOf, formatValue } from './numbers.ts';

const MOST_REPEATS = 12;

/** Why these examples are listed. */
export const flakyMeaning = 'They did not score the same at each repeat.';

/** `7 flaky examples`. */
export function countFlaky(flaky: readonly FlakyExample[]): string {
  return countOf(flaky.length, 'flaky example');
}

/** The objective at each repeat, in order: `100.0 %, 0.0 %, 100.0 %`. */
export function describeRepeats({ objectives }: FlakyExample): string {
  const missing = objectives.length - MOST_REPEATS;
  const shown = objectives.slice(0, MOST_REPEATS).map((objective) => formatValue(objective, 'ratio'));
  return shown.join(', ') + (missing > 0 ? ` and ${missing} more` : '');
}
