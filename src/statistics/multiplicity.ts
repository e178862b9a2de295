type Ranked = { readonly index: number; readonly p: number };

/**
 * Holm's step-down adjustment: comparing the adjusted p-values with alpha keeps the chance of any false discovery
 * in the family below alpha, under any dependence.
 *
 * @returns adjusted p-values in the order given, each at least its raw p-value and at most 1
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = [...pValues];
  let largest = 0;
  for (const [rank, { index, p }] of ascending(pValues).entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * p));
    adjusted[index] = largest;
  }
  return adjusted;
}

/**
 * Benjamini and Hochberg's step-up adjustment: comparing the adjusted p-values with a rate keeps the expected
 * share of false discoveries below it, under independence or positive dependence.
 *
 * @returns adjusted p-values in the order given, each at least its raw p-value and at most 1
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const adjusted = [...pValues];
  let smallest = 1;
  for (const [fromEnd, { index, p }] of ascending(pValues).reverse().entries()) {
    const rank = pValues.length - fromEnd;
    smallest = Math.min(smallest, p * (pValues.length / rank));
    adjusted[index] = smallest;
  }
  return adjusted;
}

function ascending(pValues: readonly number[]): Ranked[] {
  return pValues.map((p, index) => ({ index, p })).sort((left, right) => left.p - right.p);
}
