/**
 * Evidence gathered by betting against "the mean payoff is at most 0", valid at every moment one looks: under that null hypothesis
 * the chance that E ever reaches 1/alpha is at most alpha (Ville's inequality), however often it is checked.
 *
 * E = (1/16) sum_j prod_i (1 + lambda_j g_i), g the payoffs in [-1, 1], over a fixed grid of bets lambda_j
 * (Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting, JRSS B 86, 2024; the mean over bets is their
 * grid mixture). Plain data: JSON keeps it exactly, so a restarted watcher goes on where it was.
 */
export type EProcess = {
  /** How many payoffs were bet on. */
  readonly bets: number;
  /** ln prod_i (1 + lambda_j g_i) for each lambda_j of {@link betGrid}. */
  readonly logWealth: readonly number[];
};

const GRID_SIZE = 16;

/** The bets: shares of the wealth from .01 to .9, evenly spaced in their logarithm. */
export const betGrid: readonly number[] = Array.from(
  { length: GRID_SIZE },
  (_, index) => 0.01 * 90 ** (index / (GRID_SIZE - 1)),
);

/** Nothing bet yet: E = 1. */
export const noBets: EProcess = { bets: 0, logWealth: betGrid.map(() => 0) };

/**
 * The process after one more payoff.
 *
 * @param payoff in [-1, 1]; positive speaks against the null hypothesis. Throws RangeError for any other value.
 */
export function bet({ bets, logWealth }: EProcess, payoff: number): EProcess {
  // Beyond the range the product is no longer an e-value; NaN would stay in the state for good.
  if (!(payoff >= -1 && payoff <= 1)) throw new RangeError(`A payoff lies in [-1, 1]; got ${payoff}`);
  // A loop, because millions of users make this the one hot place of a rollout; map takes more than twice as long.
  const next = new Array<number>(GRID_SIZE);
  for (let index = 0; index < GRID_SIZE; index++)
    next[index] = (logWealth[index] ?? 0) + Math.log1p((betGrid[index] ?? 0) * payoff);
  return { bets: bets + 1, logWealth: next };
}

/** ln E: natural logarithm of the evidence against the null hypothesis; 0 before the first bet. */
export function logEvidence({ logWealth }: EProcess): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const wealth of logWealth) largest = Math.max(largest, wealth);
  let sum = 0;
  for (const wealth of logWealth) sum += Math.exp(wealth - largest);
  return largest + Math.log(sum / logWealth.length);
}

/**
 * The payoff of a bet on harm. Null hypothesis: canary >= (1 - tolerance) * control.
 *
 * @param control mean of the control arm in a block, in [0, 1], higher is better
 * @param canary mean of the canary arm in the same block, in [0, 1]
 * @param tolerance the relative drop that is no harm, in [0, 1)
 * @returns in [-1, 1]
 */
export function harmPayoff(control: number, canary: number, tolerance: number): number {
  return (1 - tolerance) * control - canary;
}

/**
 * The payoff of a bet on non-inferiority. Null hypothesis: canary <= (1 - margin) * control.
 *
 * @param control mean of the control arm in a block, in [0, 1], higher is better
 * @param canary mean of the canary arm in the same block, in [0, 1]
 * @param margin the relative drop that the canary must be shown not to reach, in (0, 1)
 * @returns in [-1, 1]
 */
export function nonInferiorityPayoff(control: number, canary: number, margin: number): number {
  return canary - (1 - margin) * control;
}
