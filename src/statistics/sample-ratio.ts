import jstat from 'jstat';

/** How firmly the alternative believes in the intended share: as much as this many users would. */
const PRIOR_USERS = 100;

/**
 * ln of the evidence that users do not fall to the arms in the intended ratio, valid at every moment one looks: the likelihood of the
 * counts under a Beta(k p, k (1 - p)) mixture of shares against that under p itself
 * (Lindon and Malek, Anytime-valid inference for multinomial count data, NeurIPS 2022, with two categories).
 *
 * @param canary users in the canary arm, each counted once
 * @param control users in the control arm
 * @param share intended share of the canary, in (0, 1)
 */
export function sampleRatioLogEvidence(canary: number, control: number, share: number): number {
  const [priorCanary, priorControl] = [PRIOR_USERS * share, PRIOR_USERS * (1 - share)];
  return (
    lnBeta(priorCanary + canary, priorControl + control) -
    lnBeta(priorCanary, priorControl) -
    canary * Math.log(share) -
    control * Math.log1p(-share)
  );
}

function lnBeta(a: number, b: number): number {
  return jstat.jStat.betaln(a, b);
}
