import type { ExampleSource } from '../datasets/dataset.ts';
import { compareScorecards } from '../evaluation/compare.ts';
import { changedExamples, flakyExamples } from '../evaluation/example-changes.ts';
import { judgeGates } from '../evaluation/gates.ts';
import { promptReport } from '../reports/prompt-report.ts';
import type { PromptReport } from '../reports/run-report.ts';
import type { BasePrompt } from './base.ts';
import type { Measured } from './measure-prompt.ts';
import type { PromptTask } from './workspace.ts';

export type JudgedPrompt = { readonly report: PromptReport; readonly failedGates: readonly string[] };

/**
 * The report of a measured prompt and the gates that fail.
 * @param base its earlier version on the same examples; null where there is none to compare with
 * @param before what became of it since the base; null without a base
 */
export function judgePrompt(
  { prompt, metrics }: PromptTask,
  source: ExampleSource,
  head: Measured,
  base: Measured | null,
  before: BasePrompt | null,
): JudgedPrompt {
  const comparison = base && {
    ...compareScorecards(base.card, head.card, metrics),
    ...(before?.label !== undefined && { base: before.label }),
  };
  const gate = comparison?.gate ?? judgeGates(metrics, head.card, null);
  const flaky = flakyExamples(metrics, head.card.results);
  const report = promptReport(
    head.card,
    {
      elapsedMs: head.elapsedMs,
      ...(flaky.length > 0 && { flaky }),
      ...(before && { changedSince: before.changes }),
      ...(before?.problem !== undefined && { baseProblem: before.problem }),
      ...(comparison ? { comparison } : { gate }),
      ...(head.calibrations && { calibrations: head.calibrations }),
      ...(base && { exampleChanges: changesBetween(prompt, source, metrics, base, head) }),
    },
    head.detailed,
  );
  return { report, failedGates: gate.reasons };
}

function changesBetween(
  prompt: PromptTask['prompt'],
  source: ExampleSource,
  metrics: PromptTask['metrics'],
  base: Measured,
  head: Measured,
) {
  const changes = changedExamples(prompt, source.examples(), metrics, { base: base.card, head: head.card });
  // The scorecards of a large run hold no outputs; those of its worst examples are kept beside them.
  const outputs = ({ detailed }: Measured) =>
    new Map(detailed.map(({ example, output }) => [example, output]));
  const [was, is] = [outputs(base), outputs(head)];
  return changes.map((change) => ({
    ...change,
    base: { ...change.base, output: change.base.output || (was.get(change.example) ?? '') },
    head: { ...change.head, output: change.head.output || (is.get(change.example) ?? '') },
  }));
}
