import { bet, logEvidence, noBets } from '../statistics/e-process.ts';
import { quantileBound, quantileOf } from '../statistics/quantile.ts';
import type { Random } from '../statistics/random.ts';
import { boundOf, type Condition, isWrongAbove, moved, type Rule } from './rule.ts';
import type { Baseline, Unit } from './units.ts';

/** What a window says to a rule. */
export type Judgement = {
  readonly n: number;
  /** The metric in the window and in the baseline; null without values. */
  readonly value: number | null;
  readonly baseline: number | null;
  /** The value from which the rule alerts; null without a baseline. */
  readonly bound: number | null;
  /** ln E that the value is beyond the bound, the largest the window has had; 0 where it cannot be judged. */
  readonly logEvidence: number;
  /** What it must reach. */
  readonly needed: number;
  /** When it did, milliseconds since 1970; null where it did not. */
  readonly provenAt: number | null;
  /** Whether there are enough values, here and in the baseline. */
  readonly isJudged: boolean;
  /** Whether it is judged and, by the estimate alone, right. */
  readonly isRight: boolean;
};

/**
 * Judges one window. The window is wrong when betting against "the value is within the bound" has won 1/alpha times the stake at any
 * moment of it: under that hypothesis the chance of this is at most alpha, however often one looks while it goes on
 * ({@link bet}). Values of users that are independent are all that is assumed; a baseline brings its own doubt along.
 *
 * @param units of the window, in the order of their calls
 * @param alpha the chance of a mistake in this window, in (0, 1)
 * @param random decides which values of the baseline are compared with which of the window
 */
export function judgeWindow(
  units: readonly Unit[],
  baseline: Baseline,
  rule: Rule,
  { alpha, random }: { readonly alpha: number; readonly random: Random },
): Judgement {
  const { condition, leastSamples, measure } = rule;
  const n = units.length;
  const value = statisticOf(
    units.map((unit) => unit.value),
    rule,
  );
  const usual = statisticOf(baseline.values, rule);
  const bound = boundOf(condition, usual);
  const isKnown = 'bound' in condition || baseline.values.length >= leastSamples;
  const isEnough = n >= leastSamples && isKnown && value !== null && bound !== null;
  const isBeyond = isEnough && (isWrongAbove(condition) ? value > bound : value < bound);
  const needed = -Math.log(measure.of === 'quantile' && 'size' in condition ? alpha / 2 : alpha);
  const judged = { n, value, baseline: usual, bound, needed, isJudged: isEnough };
  if (!isEnough) return { ...judged, logEvidence: 0, provenAt: null, isRight: false };
  const payoffs =
    measure.of === 'mean'
      ? meanPayoffs(units, baseline, condition, random)
      : quantilePayoffs(units, baseline, condition, { q: measure.q, alpha: alpha / 2 });
  const { strongest, provenAt } = betOn(units, payoffs, needed);
  return {
    ...judged,
    logEvidence: strongest,
    // What is proven of less than the bound is wrong only if the estimate is beyond it.
    provenAt: isBeyond || isProvenWhole(condition) ? provenAt : null,
    isRight: !isBeyond,
  };
}

function isProvenWhole(condition: Condition): boolean {
  return 'bound' in condition || condition.proven === condition.size;
}

function statisticOf(values: readonly number[], { measure }: Rule): number | null {
  if (values.length === 0) return null;
  if (measure.of === 'quantile') return quantileOf(Float64Array.from(values).sort(), measure.q);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function betOn(
  units: readonly Unit[],
  payoffs: Iterable<number>,
  needed: number,
): { readonly strongest: number; readonly provenAt: number | null } {
  let [process, strongest, index] = [noBets, 0, 0];
  let provenAt: number | null = null;
  for (const payoff of payoffs) {
    process = bet(process, payoff);
    // ln E is at most the largest wealth, which is far sooner found.
    if (Math.max(...process.logWealth) > strongest) strongest = Math.max(strongest, logEvidence(process));
    if (provenAt === null && strongest >= needed) provenAt = units[index]?.at ?? null;
    index += 1;
  }
  return { strongest, provenAt };
}

/** Users of a window for whom a baseline has blocks at least, where it has as many values. */
const LEAST_BLOCKS = 400;

/**
 * Values of the baseline that one of the window is compared with. Fixed before the window: were it to follow from how many users come,
 * the bets would look ahead. A quarter of the baseline's windows leaves blocks for four times the usual users of a window, and adds
 * little to the doubt of one.
 */
function blockSize({ values, windows }: Baseline): number {
  return Math.max(1, Math.min(Math.ceil(windows / 4), Math.floor(values.length / LEAST_BLOCKS)));
}

/** Each value of the window against the bound, or against the mean of a few values of the baseline moved by what is allowed. */
function* meanPayoffs(
  units: readonly Unit[],
  baseline: Baseline,
  condition: Condition,
  random: Random,
): Generator<number> {
  const sign = isWrongAbove(condition) ? 1 : -1;
  if ('bound' in condition) {
    for (const { value } of units) yield sign * (value - condition.bound);
    return;
  }
  const size = blockSize(baseline);
  const drawn = random.sample(baseline.values, size * units.length);
  // What is allowed may lie outside [0, 1]; a payoff may not lie outside [-1, 1].
  const scale = condition.kind === 'drop' && condition.isShare ? 1 : 1 / (1 + condition.proven);
  for (const [index, { value }] of units.entries()) {
    const block = drawn.slice(index * size, (index + 1) * size);
    if (block.length < size) return;
    const mean = block.reduce((sum, each) => sum + each, 0) / size;
    yield scale * sign * (value - moved(mean, condition, condition.proven));
  }
}

/** Whether each value is beyond the bound, of which 1 - q are on the right side of a quantile. */
function* quantilePayoffs(
  units: readonly Unit[],
  baseline: Baseline,
  condition: Condition,
  { q, alpha }: { readonly q: number; readonly alpha: number },
): Generator<number> {
  const isAbove = isWrongAbove(condition);
  let limit: number;
  if ('bound' in condition) limit = condition.bound;
  else {
    const sorted = Float64Array.from(baseline.values).sort();
    const safe = quantileBound(sorted, { q, alpha, side: isAbove ? 'upper' : 'lower' });
    if (safe === null) return;
    limit = moved(safe, condition, condition.proven);
  }
  for (const { value } of units)
    yield isAbove ? (value > limit ? 1 : 0) - (1 - q) : (value < limit ? 1 : 0) - q;
}
