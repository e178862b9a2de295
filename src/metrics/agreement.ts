/** A row's label by people and by the judge, as scores in [0, 1]. */
export type LabelledPair = { readonly people: number; readonly judge: number };

/**
 * Cohen's kappa with linear weights (Cohen, Weighted kappa, Psychological Bulletin 70, 1968): 1 less the mean
 * disagreement over the one that chance would give with the same shares of labels. A disagreement weighs as much as
 * the two scores differ, so that of two choices, 0 and 1, this is the plain kappa.
 * @returns in [-1, 1], 0 being chance; null where chance cannot disagree: no pair, or one score throughout
 */
export function weightedKappa(pairs: readonly LabelledPair[]): number | null {
  const observed = sumOver(pairs, ({ people, judge }) => Math.abs(people - judge)) / pairs.length;
  const byChance =
    sumOver(pairs, ({ people }) => sumOver(pairs, ({ judge }) => Math.abs(people - judge))) /
    pairs.length ** 2;
  return pairs.length === 0 || byChance === 0 ? null : 1 - observed / byChance;
}

function sumOver<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amountOf(item), 0);
}
