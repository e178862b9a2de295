import { intervalName } from '../evaluation/confidence.ts';
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
import { gateOf, type PromptReport, type RunReport } from './run-report.ts';

/** How a result should be taken; decides colours and the kind of alert. */
export type Tone = 'good' | 'bad' | 'neutral' | 'doubt';

/** A result in one glance. All text is raw: whoever shows it makes it inert. */
export type Headline = {
  readonly kind: HeadlineKind;
  readonly tone: Tone;
  /** Two or three words: `Improvement`, `Gate failed`. */
  readonly label: string;
  /** The number with its doubt, in one sentence; null when there is none. */
  readonly finding: string | null;
  /** What the number does not say, a sentence each: why a gate failed, what changed, what is missing. */
  readonly notes: readonly string[];
  /** The number of the finding to be set large, and what stands under it: the interval, the p-value. */
  readonly figure: { readonly value: string; readonly doubt: readonly string[] } | null;
};

/** What a headline can say of a prompt. */
type HeadlineKind = Verdict | 'gate failed' | 'no improvement' | 'not compared' | 'measured';

const kinds: Readonly<Record<HeadlineKind, Pick<Headline, 'tone' | 'label'>>> = {
  'gate failed': { tone: 'bad', label: 'Gate failed' },
  regression: { tone: 'bad', label: 'Regression' },
  improvement: { tone: 'good', label: 'Improvement' },
  equivalent: { tone: 'neutral', label: 'Equivalent' },
  inconclusive: { tone: 'doubt', label: 'Inconclusive' },
  'insufficient data': { tone: 'doubt', label: 'Not enough data' },
  'unreliable baseline': { tone: 'doubt', label: 'Unreliable baseline' },
  'no improvement': { tone: 'neutral', label: 'No improvement' },
  'not compared': { tone: 'neutral', label: 'Not compared' },
  measured: { tone: 'neutral', label: 'Measured' },
};

/** What stops a change first. */
const order = Object.keys(kinds);

/** The tone of a metric's verdict. */
export function toneOf(verdict: Verdict): Tone {
  return kinds[verdict].tone;
}

/** Headlines as a reader wants them: what stops a change first; of one kind, those with failures first. */
export function byUrgency(a: Headline, b: Headline): number {
  const isDoubtful = ({ tone }: Headline) => Number(tone === 'doubt');
  return order.indexOf(a.kind) - order.indexOf(b.kind) || isDoubtful(b) - isDoubtful(a);
}

/** An evaluation, with or without a base to compare with. */
export function headlineOfPrompt(prompt: PromptReport, run: Pick<RunReport, 'base' | 'shard'>): Headline {
  const { base } = run;
  const { id, version, comparison, objective, dataset, failures } = prompt;
  const subject = `${id} ${version}`;
  const gate = gateOf(prompt, run);
  const verdict = comparison?.objective.verdict ?? (base ? 'not compared' : 'measured');
  const kind = gate && !gate.passed ? 'gate failed' : verdict;
  return withFailures(
    {
      kind,
      ...kinds[kind],
      finding: comparison
        ? describeComparison(subject, comparison, dataset)
        : `${subject} ${describeScore(objective, dataset)}.`,
      notes: [
        ...(gate && !gate.passed ? gate.reasons.map(fullStop) : regressionsOf(comparison)),
        ...baseNotes(prompt, base),
        ...calibrationNotes(prompt),
      ],
      figure: comparison ? figureOfDifference(comparison.objective) : figureOfScore(objective),
    },
    failures,
  );
}

/** A metric may get worse while the objective does not, or without having a weight in it. */
function regressionsOf(comparison: Comparison | undefined): readonly string[] {
  const worse = Object.entries(comparison?.metrics ?? {})
    .filter(([, { verdict }]) => verdict === 'regression')
    .map(([name]) => name);
  return worse.length === 0 ? [] : [`Metrics with a regression: ${worse.join(', ')}.`];
}

/** What changed since the base, and why it is not compared; a base that cannot be read at all is the run's to tell. */
function baseNotes(
  { changedSince = [], baseProblem, comparison }: PromptReport,
  base: RunReport['base'],
): readonly string[] {
  const ref = base?.ref ?? 'the base';
  const notes: string[] = [];
  if (baseProblem !== undefined && baseProblem !== base?.problem)
    notes.push(fullStop(`Not compared with ${ref}: ${baseProblem}`));
  if (changedSince.length > 0) {
    const both =
      comparison && changedSince.length > 1 ? '; both versions were measured with what is here now' : '';
    notes.push(`Changed since ${ref}: ${changedSince.join(', ')}${both}.`);
  }
  return notes;
}

/** A judge is believed as far as it agrees with people. */
function calibrationNotes({ calibrations = {} }: PromptReport): readonly string[] {
  return Object.entries(calibrations).map(([name, { agreement, kappa, n, unread }]) => {
    const beyondChance = kappa === null ? '' : `, kappa ${kappa.toFixed(2)}`;
    const missing = unread === 0 ? '' : `; ${unread} verdicts could not be read`;
    return `The judge of ${name} agrees with the labels of ${formatValue(agreement, 'ratio')} of ${n} rows${beyondChance}${missing}.`;
  });
}

/** The end of an optimization. A candidate that is worse harms nobody: nothing is proposed, which is no alarm. */
export function headlineOfProposal(proposal: Proposal): Headline {
  const { id, from, to, accepted, comparison, head, reason } = proposal;
  const subject = accepted && to !== null ? `${id} ${to}` : `The best candidate for ${id}`;
  const finding = comparison && head ? describeComparison(subject, comparison, head.dataset) : null;
  const figure = comparison ? figureOfDifference(comparison.objective) : null;
  if (accepted) {
    const kind = 'improvement';
    return withFailures({ kind, ...kinds[kind], finding, notes: [], figure }, head?.failures ?? []);
  }
  const verdict = comparison?.objective.verdict;
  const kind = verdict && toneOf(verdict) === 'doubt' ? verdict : 'no improvement';
  return { kind, ...kinds[kind], finding, notes: [fullStop(`${from} stays: ${reason}`)], figure };
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
    return `${subject} cannot be compared with ${base}: none of ${examplesOf(dataset)} has an objective in both.`;
  }
  const scores = `${subject} scores ${formatValue(objective.head, 'ratio')} on ${examplesOf(dataset)}`;
  return `${scores}, ${formatDifference(objective.difference, 'ratio')} against ${base} (${describeDoubt(objective).join(', ')}).`;
}

/** `105 test examples`, `1,000 train examples tagged harvested`. */
export function examplesOf({ n, split, tags }: Scorecard['dataset']): string {
  return countOf(n, `${split} example`) + (tags ? ` tagged ${tags.join(' or ')}` : '');
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

function describeDoubt({ interval, confidence, p }: MetricComparison): readonly string[] {
  const range = interval
    ? `${intervalName(confidence)} ${formatDifferenceInterval(interval, 'ratio')}`
    : 'no interval';
  return p === null ? [range] : [range, describeP(p)];
}

/** A text as a sentence. */
export function fullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
