export type Detection = {
  /** Mean of the control arm, in (0, 1], higher is better. */
  readonly base: number;
  /** Relative drop of the canary, in (0, 1]. */
  readonly drop: number;
  /** Relative drop that is no harm, in [0, drop). */
  readonly tolerance: number;
  /** Share of users in the canary, in (0, 1). */
  readonly share: number;
  /** E at which to act, above 1: the number of metrics divided by alpha. */
  readonly threshold: number;
};

/** Nats by which the grid of bets, not knowing the drop, lags behind the best single bet; fitted to simulations. */
const GRID_COST = 1;

/**
 * How many canary users it takes on average until betting by blocks notices a drop of a yes-or-no metric:
 * c (ln threshold + 1) / G, with c the canary users of a block and G = D^2 / (2 (s^2 + D^2)) the growth of ln E in a block with a bet
 * at its best size (second order), D the mean payoff of a block and s^2 its variance. Simulated rollouts take this long to within 15%
 * at every percentage, half of them about a tenth less; metrics between yes and no vary less and need fewer users.
 *
 * @returns canary users, Infinity where the drop is within the tolerance
 */
export function expectedUsers({ base, drop, tolerance, share, threshold }: Detection): number {
  const canary = base * (1 - drop);
  const payoff = (1 - tolerance) * base - canary;
  if (payoff <= 0) return Number.POSITIVE_INFINITY;
  const variance =
    canary * (1 - canary) * reciprocalUsers(share) +
    (1 - tolerance) ** 2 * base * (1 - base) * reciprocalUsers(1 - share);
  const growth = payoff ** 2 / (2 * (variance + payoff ** 2));
  const usersInBlock = 1 / share + 1 / (1 - share) - 1;
  return (share * usersInBlock * (Math.log(threshold) + GRID_COST)) / growth;
}

/**
 * The mean of 1 / users of an arm in a block, which is what its mean's variance is multiplied by. When the arm comes first (chance
 * `share`), its users are geometric with chance q = 1 - share to end, of which the mean reciprocal is -q ln q / (1 - q); else it is
 * one user.
 */
function reciprocalUsers(share: number): number {
  const end = 1 - share;
  return end - end * Math.log(end);
}
