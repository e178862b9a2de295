import type {
  Comparison,
  MetricComparison,
  MetricSummary,
  Scorecard,
  Usage,
} from '../evaluation/scorecard.ts';
import type { Proposal } from '../optimization/proposal.ts';
import { type Headline, headlineOfPrompt, headlineOfProposal } from './headline.ts';
import { type DiffHunk, diffMessages } from './prompt-diff.ts';
import type { PromptReport, RunReport } from './run-report.ts';

/** One metric, ready for a table: alone, or against a base. */
export type MetricRow = {
  readonly name: string;
  readonly unit: MetricSummary['unit'];
  readonly head: MetricSummary;
  /** The base's value, with its interval where its scorecard is at hand. */
  readonly base: Pick<MetricSummary, 'mean' | 'interval'> | null;
  readonly comparison: MetricComparison | null;
};

/** One prompt's part of a report, whatever the command was. Texts are raw. */
export type Section = {
  readonly id: string;
  readonly headline: Headline;
  /** `1.0.0 → 1.1.0`, or the one version. */
  readonly versions: string;
  readonly model: string;
  readonly dataset: Scorecard['dataset'] | null;
  /** The objective first. */
  readonly rows: readonly MetricRow[];
  readonly gate: Comparison['gate'] | null;
  readonly usage: Usage;
  /** Milliseconds; null when the run did not say. */
  readonly elapsedMs: number | null;
  readonly latencyMs: PromptReport['latencyMs'];
  readonly failures: Scorecard['failures'];
  /** What else must be the same for the same numbers: digests and the seed. */
  readonly pinned: readonly { readonly name: string; readonly value: string }[];
  readonly proposal: Proposal | null;
  /** How the prompt changed; empty when it did not. */
  readonly diff: readonly DiffHunk[];
  readonly examples: PromptReport['examples'];
};

/** A report's sections: proposals first, they ask for a decision. */
export function sectionsOf(report: RunReport): readonly Section[] {
  const proposals = report.proposals ?? [];
  // A proposal shows its measurement itself; `prompts` repeats it for readers of the JSON.
  const others = report.prompts.filter(({ id }) => !proposals.some((proposal) => proposal.id === id));
  return [...proposals.map(sectionOfProposal), ...others.map(sectionOfPrompt)];
}

function sectionOfPrompt(prompt: PromptReport): Section {
  const { id, version, model, dataset, comparison, usage, elapsedMs, latencyMs, failures, examples } = prompt;
  return {
    id,
    headline: headlineOfPrompt(prompt),
    versions: comparison ? `${comparison.base} → ${version}` : version,
    model,
    dataset,
    rows: rowsOf(prompt, null, comparison ?? null),
    gate: comparison?.gate ?? null,
    usage,
    elapsedMs,
    latencyMs,
    failures,
    pinned: [{ name: dataset.path, value: dataset.digest }],
    proposal: null,
    diff: [],
    examples,
  };
}

function sectionOfProposal(proposal: Proposal): Section {
  const { id, from, to, model, base, head, comparison, usage, elapsedMs, search, messages } = proposal;
  const measured = head ?? base;
  return {
    id,
    headline: headlineOfProposal(proposal),
    versions: to === null ? from : `${from} → ${to}`,
    model,
    dataset: measured?.dataset ?? null,
    rows: measured ? rowsOf(measured, head && base, comparison) : [],
    gate: comparison?.gate ?? null,
    usage,
    elapsedMs,
    latencyMs: measured?.latencyMs ?? null,
    failures: [...(base?.failures ?? []), ...(head?.failures ?? [])],
    pinned: [
      { name: 'seed', value: String(search.seed) },
      { name: search.dev.path, value: search.dev.digest },
      ...(measured ? [{ name: measured.dataset.path, value: measured.dataset.digest }] : []),
      ...(base ? [{ name: `${id} ${from}`, value: base.prompt.digest }] : []),
      ...(head ? [{ name: `${id} ${to ?? 'candidate'}`, value: head.prompt.digest }] : []),
    ],
    proposal,
    diff: messages.head ? diffMessages(messages.base, messages.head) : [],
    examples: [],
  };
}

type Measured = Pick<Scorecard, 'metrics' | 'objective'>;

function rowsOf(head: Measured, base: Measured | null, comparison: Comparison | null): MetricRow[] {
  const objective = rowOf('objective', head.objective, base?.objective, comparison?.objective);
  const metrics = Object.entries(head.metrics).map(([name, summary]) =>
    rowOf(name, summary, base?.metrics[name], comparison?.metrics[name]),
  );
  return [objective, ...metrics];
}

function rowOf(
  name: string,
  head: MetricSummary,
  base: MetricSummary | undefined,
  comparison: MetricComparison | undefined,
): MetricRow {
  const baseAlone = comparison ? { mean: comparison.base, interval: null } : null;
  return { name, unit: head.unit, head, base: base ?? baseAlone, comparison: comparison ?? null };
}
