import type { Arm } from './blocks.ts';

/** Calls of one arm between two readings of its counters. */
export type Count = { readonly successes: number; readonly total: number };

/** What both arms' counters grew by between two readings. */
export type CountBatch = Readonly<Record<Arm, Count>>;

/**
 * Evidence from counters without users, one 2x2 table for each batch. Plain data that JSON keeps exactly.
 *
 * The calls of a batch must be independent, which a user's repeated calls are not: where users can be told apart, count users.
 */
export type CountProcess = {
  /** Everything counted before the next batch: what the next bet is made from. */
  readonly seen: CountBatch;
  /** ln E of harm. */
  readonly harm: number;
  /** ln E of non-inferiority. */
  readonly nonInferiority: number;
};

const nothing: Count = { successes: 0, total: 0 };

export const noCounts: CountProcess = {
  seen: { control: nothing, canary: nothing },
  harm: 0,
  nonInferiority: 0,
};

/** The process after one more batch; the bounds are those of the bets by users. */
export function addCounts(
  { seen, harm, nonInferiority }: CountProcess,
  batch: CountBatch,
  { tolerance, margin }: { readonly tolerance: number; readonly margin: number },
): CountProcess {
  const expected = { control: expectedRate(seen.control), canary: expectedRate(seen.canary) };
  const harmful = expected.canary < (1 - tolerance) * expected.control;
  const notInferior = expected.canary > (1 - margin) * expected.control;
  return {
    seen: { control: addCount(seen.control, batch.control), canary: addCount(seen.canary, batch.canary) },
    harm: harm + (harmful ? logLikelihoodRatio(batch, expected, 1 - tolerance) : 0),
    nonInferiority: nonInferiority + (notInferior ? logLikelihoodRatio(batch, expected, 1 - margin) : 0),
  };
}

/** Share of successes; null without calls. */
export function rateOf({ successes, total }: Count): number | null {
  return total === 0 ? null : successes / total;
}

/**
 * ln of the likelihood of a batch under the expected rates against that under the point of the null hypothesis nearest to them in
 * Kullback-Leibler divergence, for the null hypothesis beyond the line canary = slope * control
 * (Turner and Grünwald, Exact anytime-valid confidence intervals for contingency tables and beyond, Statistics & Probability Letters
 * 198, 2023; Turner, Ly and Grünwald, Generic e-variables for exact sequential k-sample tests, JSPI 230, 2024).
 *
 * Its expectation is at most 1 under every pair of rates (t, c) of the null hypothesis H. With (t', c') expected and (t*, c*) nearest,
 * a call of the canary contributes the factor A(t) = 1 + (t - t*) (t' - t*) / (t* (1 - t*)) in expectation, one of the control B(c)
 * likewise, so ln of the whole is n_T ln A + n_C ln B <= n_T (A - 1) + n_C (B - 1), which is the slope of the divergence from (t*, c*)
 * towards (t, c) with its sign turned: not positive, since H is convex and (t*, c*) is its nearest point. Rates may differ from batch
 * to batch, since the expected ones come from earlier batches alone.
 */
function logLikelihoodRatio({ control, canary }: CountBatch, expected: Rates, slope: number): number {
  const weights = { control: control.total, canary: canary.total };
  if (weights.control === 0 || weights.canary === 0) return 0;
  const nearest = nearestOnLine(expected, weights, slope);
  return (
    logLikelihood(canary, expected.canary) -
    logLikelihood(canary, nearest.canary) +
    logLikelihood(control, expected.control) -
    logLikelihood(control, nearest.control)
  );
}

type Rates = Readonly<Record<Arm, number>>;

/**
 * The point (slope * c, c) that minimises n_T KL(t' || slope * c) + n_C KL(c' || c). Setting the derivative to 0 gives
 * slope (n_T + n_C) c^2 - (n_T (t' + slope) + n_C (1 + slope c')) c + n_T t' + n_C c' = 0, whose smaller root lies inside (0, 1).
 */
function nearestOnLine(expected: Rates, weights: Rates, slope: number): Rates {
  const squared = slope * (weights.canary + weights.control);
  const linear =
    weights.canary * (expected.canary + slope) + weights.control * (1 + slope * expected.control);
  const constant = weights.canary * expected.canary + weights.control * expected.control;
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * squared * constant));
  const control = (2 * constant) / (linear + root);
  return { control, canary: slope * control };
}

/** The mean of a Beta(1/2, 1/2) prior updated by what was seen: never 0 or 1, where one surprise would end the bet. */
function expectedRate({ successes, total }: Count): number {
  return (successes + 0.5) / (total + 1);
}

function logLikelihood({ successes, total }: Count, rate: number): number {
  return successes * Math.log(rate) + (total - successes) * Math.log1p(-rate);
}

function addCount(a: Count, b: Count): Count {
  return { successes: a.successes + b.successes, total: a.total + b.total };
}
