import type { ExampleChange } from '../../src/evaluation/scorecard.ts';
import type { PromptReport, RunReport } from '../../src/reports/run-report.ts';
import { comparedPrompt } from './comparison-fixture.ts';
import { acceptedProposal, compared, evaluation, report } from './fixtures.ts';

/** A report with a stranger's text wherever one can be; `times` as many prompts, examples and messages of it. */
export function hostileReport(text: string, times = 1): RunReport {
  return report({
    command: text,
    version: text,
    ended: text,
    base: { ref: text, commit: text, problem: text },
    unchanged: Array.from({ length: times }, () => text),
    proposals: [hostileProposal(text, times)],
    prompts: Array.from({ length: times }, () => [
      hostileComparison(text, times),
      hostileValues(text),
    ]).flat(),
  });
}

function hostileChanges(changes: readonly ExampleChange[], text: string): readonly ExampleChange[] {
  return changes.map((change) => ({
    ...change,
    example: text,
    input: text,
    expected: text,
    base: { ...change.base, output: text },
    head: { ...change.head, output: text },
  }));
}

function hostileProposal(text: string, times: number) {
  const proposal = acceptedProposal();
  // One line, so that any text makes as many lines of the difference.
  const message = { role: 'system' as const, content: text.replace(/[\r\n]/g, ' ') };
  return {
    ...proposal,
    id: `proposal ${text}`,
    model: text,
    file: text,
    search: {
      ...proposal.search,
      ended: text,
      candidates: proposal.search.candidates.map((candidate) => ({
        ...candidate,
        why: text,
        choices: {
          ...candidate.choices,
          instruction: candidate.id === 9 ? text.slice(0, 5_000) : '',
        },
      })),
    },
    messages: { base: [], head: Array.from({ length: times }, () => message) },
    changes: hostileChanges(Array.from({ length: times }, () => proposal.changes).flat(), text),
    explanation: [text, text],
    ablation: {
      calls: 10,
      earnings: Array.from({ length: Math.min(times, 40) }, () => ({
        change: { part: 'added rules' as const, rules: [text] },
        kept: 0.5,
        without: 0.5,
        difference: 0,
        interval: [-0.1, 0.1] as const,
        n: 10,
      })),
      ended: text,
    },
  };
}

/** With a comparison, and a gate that fails. */
function hostileComparison(text: string, times: number): PromptReport {
  const { comparison, exampleChanges = [], metrics } = comparedPrompt();
  const names = { [text]: 'intent_accuracy', [`tokens ${text}`]: 'tokens', [`cost ${text}`]: 'cost' };
  const named = <Value>(values: Readonly<Record<string, Value>> | undefined) =>
    Object.fromEntries(
      Object.entries(names).flatMap(([name, from]) => (values?.[from] ? [[name, values[from]]] : [])),
    );
  const inconclusive = compared(0.1, 0.2, 0.2, 0.2, 'inconclusive');
  const gate = { passed: false, reasons: [text, text], notes: [text, text] };
  return comparedPrompt({
    id: text,
    version: text,
    model: text,
    digest: text,
    dataset: { path: text, digest: text, split: 'test', n: 8 },
    metrics: named(metrics),
    failures: Array.from({ length: Math.min(times, 20) }, (_, index) => ({
      example: text,
      error: `${index} ${text}`,
    })),
    examples: Array.from({ length: 8 }, (_, index) => ({
      example: text,
      output: text,
      values: { [text]: 1, [`tokens ${text}`]: index, [`cost ${text}`]: index },
      feedback: [text],
    })),
    flaky: Array.from({ length: times }, () => ({ example: text, objectives: [0, 1] })),
    changedSince: [text, text],
    baseProblem: `another ${text}`,
    comparison: {
      base: text,
      metrics: named(comparison?.metrics),
      objective: inconclusive,
      slices: [
        { ...inconclusive, tag: text },
        { ...inconclusive, tag: text, verdict: 'regression' },
      ],
      gate,
    },
    exampleChanges: hostileChanges(exampleChanges, text),
  });
}

/** Without a comparison, and with notes on the gates. */
function hostileValues(text: string): PromptReport {
  return evaluation({
    id: `values ${text}`,
    metrics: { [text]: evaluation().objective },
    failures: [{ example: text, error: text }],
    examples: [{ example: text, output: text, values: {}, feedback: [text] }],
    changedSince: [text],
    baseProblem: `another ${text}`,
    gate: { passed: true, reasons: [], notes: [text] },
  });
}
