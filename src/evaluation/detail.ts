import type { FamilyMetric } from '../config/load.ts';
import type { Score } from '../metrics/metric.ts';
import { objectiveOf } from './objective.ts';
import type { ExampleResult } from './scorecard.ts';

/** Up to this many results are held with their outputs. */
const LARGEST_FULL_RUN = 2_000;
/** Of a larger run, this many of the worst. */
const WORST_KEPT = 200;
/** A metric such as a latency has a value of its own for each result, which is not worth looking up. */
const MOST_SHARED = 1_000;

/**
 * Decides what of each result stays in memory: everything in a run of ordinary size; in a larger one the scores alone, and
 * the whole of the results with the least objective, failures first.
 */
export function detailKeeper(metrics: readonly FamilyMetric[], total: number) {
  const all: ExampleResult[] = [];
  if (total <= LARGEST_FULL_RUN) {
    const keep = (result: ExampleResult) => {
      all.push(result);
      return result;
    };
    return { keep, detailed: (): readonly ExampleResult[] => all };
  }
  const slim = createSlimmer();
  let worst: { rank: number; result: ExampleResult }[] = [];
  const shrink = () => {
    worst.sort((a, b) => a.rank - b.rank);
    worst = worst.slice(0, WORST_KEPT);
  };
  return {
    keep(result: ExampleResult): ExampleResult {
      worst.push({ rank: result.failure ? -1 : (objectiveOf(metrics, result.scores) ?? 1), result });
      if (worst.length > 2 * WORST_KEPT) shrink();
      return { ...result, output: null, scores: slim(result.scores) };
    },
    detailed(): readonly ExampleResult[] {
      shrink();
      return worst.map(({ result }) => result);
    },
  };
}

/** Slims the scores of many results: a value that many of them have, such as 0 or 1, is one object for all. */
function createSlimmer() {
  const shared = new Map<number | null, Score>();
  const slim = ({ value, counts }: Score): Score => {
    if (counts) return { value, feedback: '', counts };
    const known = shared.get(value);
    if (known) return known;
    const score: Score = { value, feedback: '' };
    if (shared.size < MOST_SHARED) shared.set(value, score);
    return score;
  };
  return (scores: ExampleResult['scores']): ExampleResult['scores'] => {
    const slimmed: Record<string, Score> = {};
    for (const name in scores) {
      const score = scores[name];
      if (score) slimmed[name] = slim(score);
    }
    return slimmed;
  };
}
