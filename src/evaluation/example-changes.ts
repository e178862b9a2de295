import type { FamilyMetric } from '../config/load.ts';
import type { Example } from '../datasets/dataset.ts';
import { referenceAnswer } from '../formats/reference.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { objectiveOf } from './objective.ts';
import type { ExampleChange, ExampleResult, FlakyExample } from './scorecard.ts';

/** A report shows no more; the rest stands in the results files. */
const MOST_CHANGES = 200;

/** Means of the same scores in another order may differ by as much. */
const ROUNDING = 1e-9;

type Results = { readonly results: readonly ExampleResult[] };

/**
 * Examples whose objective changed between base and head, the largest change first, 200 at most. An output is empty where it was
 * not kept.
 * @param examples read once
 */
export function changedExamples(
  { output }: Pick<Prompt, 'output'>,
  examples: Iterable<Example>,
  metrics: readonly FamilyMetric[],
  { base, head }: { base: Results; head: Results },
): ExampleChange[] {
  const [before, after] = [repeatsOf(base), repeatsOf(head)];
  const changes = new Map<string, Pick<ExampleChange, 'base' | 'head'>>();
  for (const [example, results] of after) {
    const [was, is] = [averaged(before.get(example), metrics), averaged(results, metrics)];
    if (was && is && Math.abs(is.objective - was.objective) > ROUNDING)
      changes.set(example, { base: was, head: is });
  }
  const size = ({ base: was, head: is }: Pick<ExampleChange, 'base' | 'head'>) =>
    Math.abs(is.objective - was.objective);
  const largest = new Map([...changes].sort(([, a], [, b]) => size(b) - size(a)).slice(0, MOST_CHANGES));
  const described: ExampleChange[] = [];
  for (const example of examples) {
    const change = largest.get(example.id);
    if (!change) continue;
    const expected = referenceAnswer(output, example.expected) ?? '';
    described.push({ example: example.id, input: describeInput(example), expected, ...change });
  }
  return described.sort((a, b) => size(b) - size(a));
}

/** Examples that did not score the same at each repeat, the widest spread first. */
export function flakyExamples(
  metrics: readonly FamilyMetric[],
  results: readonly ExampleResult[],
): FlakyExample[] {
  const repeats = repeatsOf({ results });
  const spread = ({ objectives }: FlakyExample) => Math.max(...objectives) - Math.min(...objectives);
  return [...repeats]
    .filter(([, all]) => all.length > 1)
    .map(([example, all]) => ({
      example,
      objectives: all.flatMap((result) => measured(result, metrics)?.objective ?? []),
    }))
    .filter((each) => each.objectives.length > 1 && spread(each) > 0)
    .sort((a, b) => spread(b) - spread(a));
}

function repeatsOf({ results }: Results): Map<string, ExampleResult[]> {
  return Map.groupBy(results, ({ example }) => example);
}

/** The mean objective over repeats, with the output of the first; null where none could be measured. */
function averaged(results: readonly ExampleResult[] | undefined, metrics: readonly FamilyMetric[]) {
  const all = (results ?? []).flatMap((result) => measured(result, metrics) ?? []);
  const [first] = all;
  if (!first) return null;
  return {
    output: first.output,
    objective: all.reduce((sum, { objective }) => sum + objective, 0) / all.length,
  };
}

function measured(result: ExampleResult | undefined, metrics: readonly FamilyMetric[]) {
  if (!result || result.failure) return null;
  const objective = objectiveOf(metrics, result.scores);
  return objective === null ? null : { output: result.output ?? '', objective };
}

function describeInput(example: Example): string {
  const texts = Object.values(example.input).filter((value) => typeof value === 'string');
  return texts.join(' · ');
}
