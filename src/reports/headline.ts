import type {
  Comparison,
  MetricComparison,
  MetricSummary,
  Scorecard,
  Verdict,
} from '../evaluation/scorecard.ts';
import type { Proposal } from '../optimization/proposal.ts';
import {
  countOf,
  describeP,
  formatDifference,
  formatDifferenceInterval,
  formatInterval,
  formatValue,
} from './numbers.ts';
import type { PromptReport } from './run-report.ts';

/** How a result should be taken; decides colours and the kind of alert. */
export type Tone = 'good' | 'bad' | 'neutral' | 'doubt';

/** A result in one glance. All text is raw: whoever shows it makes it inert. */
export type Headline = {
  readonly tone: Tone;
  /** Two or three words: `Improvement`, `Gate failed`. */
  readonly label: string;
  /** The number with its doubt, in one sentence; null when there is none. */
  readonly finding: string | null;
  /** What the number does not say, a sentence each: gates, failures, why nothing is proposed. */
  readonly notes: readonly string[];
  /** The number of the finding to be set large, and what stands under it: the interval, the p-value. */
  readonly figure: { readonly value: string; readonly doubt: readonly string[] } | null;
};

const verdictHeadlines: Readonly<Record<Verdict, { tone: Tone; label: string }>> = {
  improvement: { tone: 'good', label: 'Improvement' },
  regression: { tone: 'bad', label: 'Regression' },
  equivalent: { tone: 'neutral', label: 'No difference' },
  inconclusive: { tone: 'doubt', label: 'Inconclusive' },
  'insufficient data': { tone: 'doubt', label: 'Not enough data' },
  'unreliable baseline': { tone: 'doubt', label: 'Unreliable baseline' },
};

/** The tone of a metric's verdict. */
export function toneOf(verdict: Verdict): Tone {
  return verdictHeadlines[verdict].tone;
}

/** A headline in words: the finding, then the notes. */
export function sentenceOf({ finding, notes }: Headline): string {
  return [...(finding === null ? [] : [finding]), ...notes].join(' ');
}

/** An evaluation, with or without a base to compare with. */
export function headlineOfPrompt(prompt: PromptReport): Headline {
  const { comparison, objective, failures, dataset } = prompt;
  const subject = `${prompt.id} ${prompt.version}`;
  if (!comparison) {
    const finding = `${subject} ${describeScore(objective, dataset)}.`;
    return withFailures(
      { tone: 'neutral', label: 'Measured', finding, notes: [], figure: figureOfScore(objective) },
      failures,
    );
  }
  const finding = describeComparison(subject, comparison, dataset);
  const figure = figureOfDifference(comparison.objective);
  const { passed, reasons } = comparison.gate;
  const verdict = passed
    ? verdictHeadlines[comparison.objective.verdict]
    : { tone: 'bad' as const, label: 'Gate failed' };
  return withFailures({ ...verdict, finding, notes: passed ? [] : reasons.map(fullStop), figure }, failures);
}

/** The end of an optimization. A candidate that is worse harms nobody: nothing is proposed, which is no alarm. */
export function headlineOfProposal(proposal: Proposal): Headline {
  const { id, from, to, accepted, comparison, head, reason } = proposal;
  const subject = accepted && to !== null ? `${id} ${to}` : `The best candidate for ${id}`;
  const finding = comparison && head ? describeComparison(subject, comparison, head.dataset) : null;
  const figure = comparison ? figureOfDifference(comparison.objective) : null;
  if (accepted) {
    return withFailures(
      { tone: 'good', label: 'Improvement', finding, notes: [], figure },
      head?.failures ?? [],
    );
  }
  const notes = [fullStop(`${from} stays: ${reason}`)];
  const verdict = comparison && verdictHeadlines[comparison.objective.verdict];
  if (verdict?.tone === 'doubt') return { ...verdict, finding, notes, figure };
  return { tone: 'neutral', label: 'No improvement', finding, notes, figure };
}

/** Several results as one: the tone that asks most of the reader, and how many of each kind there are. */
export function summariseHeadlines(headlines: readonly Headline[], ended: string | undefined): Headline {
  const [only] = headlines;
  const summary = only && headlines.length === 1 ? only : countHeadlines(headlines);
  if (ended === undefined) return summary;
  const notes = [...summary.notes, fullStop(`The run ended early: ${ended}`)];
  if (summary.tone === 'bad') return { ...summary, notes };
  return { ...summary, tone: 'doubt', label: 'Ended early', notes };
}

function countHeadlines(headlines: readonly Headline[]): Headline {
  const order: readonly Tone[] = ['bad', 'doubt', 'good', 'neutral'];
  const sorted = headlines.toSorted((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone));
  const [worst] = sorted;
  if (!worst) {
    return {
      tone: 'neutral',
      label: 'Nothing measured',
      finding: null,
      notes: ['No prompt was measured.'],
      figure: null,
    };
  }
  const kinds = [...Map.groupBy(sorted, ({ label }) => label)].map(
    ([label, members]) => `${members.length} ${label.toLowerCase()}`,
  );
  const finding = `${countOf(headlines.length, 'prompt')}: ${kinds.join(', ')}.`;
  return { tone: worst.tone, label: worst.label, finding, notes: [], figure: null };
}

/** Examples without an answer make every number a little less certain; only bad news is worse news. */
function withFailures(headline: Headline, { length }: Scorecard['failures']): Headline {
  if (length === 0) return headline;
  const notes = [
    ...headline.notes,
    `${countOf(length, 'answer')} failed and ${length === 1 ? 'has' : 'have'} no score.`,
  ];
  if (headline.tone === 'bad') return { ...headline, notes };
  return { ...headline, tone: 'doubt', label: `${headline.label} with failures`, notes };
}

function describeScore(objective: MetricSummary, dataset: PromptReport['dataset']): string {
  if (objective.mean === null) return `has no score on ${examplesOf(dataset)}`;
  const interval = objective.interval
    ? ` (95% interval ${formatInterval(objective.interval, objective.unit)})`
    : '';
  return `scores ${formatValue(objective.mean, objective.unit)} on ${examplesOf(dataset)}${interval}`;
}

function describeComparison(
  subject: string,
  comparison: Comparison,
  dataset: PromptReport['dataset'],
): string {
  const { objective, base } = comparison;
  if (objective.difference === null) {
    return `${subject} cannot be compared with ${base} on ${examplesOf(dataset)}.`;
  }
  const scores = `${subject} scores ${formatValue(objective.head, 'ratio')} on ${examplesOf(dataset)}`;
  return `${scores}, ${formatDifference(objective.difference, 'ratio')} against ${base} (${describeDoubt(objective).join(', ')}).`;
}

function examplesOf(dataset: PromptReport['dataset']): string {
  return countOf(dataset.n, `${dataset.split} example`);
}

function figureOfScore(objective: MetricSummary): Headline['figure'] {
  if (objective.mean === null) return null;
  const doubt = objective.interval
    ? `95% interval ${formatInterval(objective.interval, objective.unit)}`
    : 'no interval';
  return { value: formatValue(objective.mean, objective.unit), doubt: [doubt] };
}

function figureOfDifference(objective: MetricComparison): Headline['figure'] {
  if (objective.difference === null) return null;
  return { value: formatDifference(objective.difference, 'ratio'), doubt: describeDoubt(objective) };
}

function describeDoubt({ interval, p }: MetricComparison): readonly string[] {
  const range = interval ? `95% interval ${formatDifferenceInterval(interval, 'ratio')}` : 'no interval';
  return p === null ? [range] : [range, describeP(p)];
}

function fullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
