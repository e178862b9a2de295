/**
 * Exact two-sided McNemar test of a paired binary outcome: twice the smaller tail of the binomial distribution
 * with probability 1/2, at most 1.
 *
 * @param b pairs in which only the first of the two succeeded (a count)
 * @param c pairs in which only the second did (a count)
 * @returns p in (0, 1]
 */
export function mcnemarExact(b: number, c: number): number {
  const { below, at } = smallerTail(b, c);
  return asProbability(2 * (below + at));
}

/**
 * Two-sided mid-p McNemar test: as {@link mcnemarExact}, with half the probability of the observed table. The
 * exact test is needlessly conservative with few discordant pairs; the mid-p test keeps close to the nominal
 * level (Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13:91, 2013).
 *
 * @param b pairs in which only the first of the two succeeded (a count)
 * @param c pairs in which only the second did (a count)
 * @returns p in (0, 1]
 */
export function mcnemarMidP(b: number, c: number): number {
  const { below, at } = smallerTail(b, c);
  return asProbability(2 * below + at);
}

/**
 * P(X < k) and P(X = k) for k = min(b, c) and X binomial with b + c trials of probability 1/2.
 *
 * Weights relative to the largest term, found by the ratio of neighbouring terms and divided by their total, need
 * no factorials: nothing overflows or cancels at a million pairs, and the walk ends where weights underflow,
 * about 37 standard deviations out.
 */
function smallerTail(b: number, c: number): { below: number; at: number } {
  const trials = b + c;
  const observed = Math.min(b, c);
  let weight = 1;
  let lowerHalf = 0;
  let below = 0;
  let at = 0;
  for (let successes = Math.floor(trials / 2); successes >= 0 && weight > 0; successes--) {
    lowerHalf += weight;
    if (successes < observed) below += weight;
    if (successes === observed) at = weight;
    weight *= successes / (trials - successes + 1);
  }
  const total = trials % 2 === 0 ? 2 * lowerHalf - 1 : 2 * lowerHalf;
  return { below: below / total, at: at / total };
}

/** Rounding may pass 1, and a tail may underflow to 0, which no p-value is. */
function asProbability(value: number): number {
  return Math.min(1, Math.max(value, Number.MIN_VALUE));
}
