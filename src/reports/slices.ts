import type { SliceComparison } from '../evaluation/scorecard.ts';
import { countOf } from './numbers.ts';

/** Slices that say something. */
export function judgedSlices(slices: readonly SliceComparison[]): readonly SliceComparison[] {
  return slices.filter(({ verdict }) => verdict !== 'inconclusive');
}

/** `2 of 14 slices have a verdict; the others are inconclusive`. */
export function countJudged(slices: readonly SliceComparison[]): string {
  const { length } = judgedSlices(slices);
  if (length === 0) return `${countOf(slices.length, 'slice')}, none with a verdict`;
  const rest = slices.length - length;
  const judged = `${countOf(length, 'slice')} with a verdict`;
  return rest === 0 ? judged : `${judged}, ${rest} inconclusive`;
}
