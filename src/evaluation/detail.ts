import type { FamilyMetric } from '../config/load.ts';
import type { Score } from '../metrics/metric.ts';
import { objectiveOf } from './objective.ts';
import type { ExampleResult } from './scorecard.ts';

/** Up to this many results are held with their outputs. */
const LARGEST_FULL_RUN = 2_000;
/** Of a larger run, this many of the worst. */
const WORST_KEPT = 200;

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
  let worst: { rank: number; result: ExampleResult }[] = [];
  const shrink = () => {
    worst.sort((a, b) => a.rank - b.rank);
    worst = worst.slice(0, WORST_KEPT);
  };
  return {
    keep(result: ExampleResult): ExampleResult {
      worst.push({ rank: result.failure ? -1 : (objectiveOf(metrics, result.scores) ?? 1), result });
      if (worst.length > 2 * WORST_KEPT) shrink();
      return { ...result, output: null, scores: scoresAlone(result.scores) };
    },
    detailed(): readonly ExampleResult[] {
      shrink();
      return worst.map(({ result }) => result);
    },
  };
}

function scoresAlone(scores: ExampleResult['scores']): ExampleResult['scores'] {
  const slim: Record<string, Score> = {};
  for (const name in scores) {
    const score = scores[name];
    if (score)
      slim[name] = { value: score.value, feedback: '', ...(score.counts && { counts: score.counts }) };
  }
  return slim;
}
