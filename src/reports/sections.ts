import type { FlakyExample, GateResult, Scorecard, SliceComparison, Usage } from '../evaluation/scorecard.ts';
import { noUsage } from '../models/usage.ts';
import type { Proposal } from '../optimization/proposal.ts';
import { type Distribution, distributionsOf, holdsAll } from './distributions.ts';
import { type ExampleChanges, splitChanges } from './example-changes.ts';
import { type Explanation, explanationOf } from './explanation.ts';
import { byUrgency, type Headline, headlineOfPrompt, headlineOfProposal } from './headline.ts';
import { type MetricRow, rowsOf } from './metric-rows.ts';
import { type DiffHunk, diffMessages } from './prompt-diff.ts';
import { gateOf, type PromptReport, type RunReport } from './run-report.ts';

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
  readonly gate: GateResult | null;
  /** The examples that were lost and won; null without a comparison. */
  readonly changes: ExampleChanges | null;
  /** The largest loss first. */
  readonly slices: readonly SliceComparison[];
  readonly flaky: readonly FlakyExample[];
  readonly usage: Usage;
  /** What metrics asked of models themselves: a judge, embeddings. */
  readonly metricUsage: Usage;
  /** Milliseconds; null when the run did not say. */
  readonly elapsedMs: number | null;
  readonly latencyMs: PromptReport['latencyMs'];
  readonly distributions: readonly Distribution[];
  readonly failures: Scorecard['failures'];
  /** What else must be the same for the same numbers: digests and the seed. */
  readonly pinned: readonly Pin[];
  readonly proposal: Proposal | null;
  /** Null where there is no new version to explain. */
  readonly explanation: Explanation | null;
  /** How the prompt changed; empty when it did not. */
  readonly diff: readonly DiffHunk[];
  readonly examples: PromptReport['examples'];
};

export type Pin = { readonly name: string; readonly value: string };

/** A report's sections: proposals first, they ask for a decision; then the prompts that ask most of the reader. */
export function sectionsOf(run: RunReport): readonly Section[] {
  const { prompts, proposals = [] } = run;
  // A proposal shows its measurement itself; `prompts` repeats it for readers of the JSON.
  const others = prompts.filter(({ id }) => !proposals.some((proposal) => proposal.id === id));
  const measured = others.map((prompt) => sectionOfPrompt(prompt, run));
  return [...proposals.map(sectionOfProposal), ...measured.sort((a, b) => byUrgency(a.headline, b.headline))];
}

/** All that must be the same for the same numbers, each said once. */
export function pinsOf({ version, base }: RunReport, sections: readonly Section[]): readonly Pin[] {
  const pins = [
    { name: 'promptline', value: version },
    ...(base ? [{ name: `commit of ${base.ref}`, value: base.commit }] : []),
    ...sections.flatMap(({ pinned }) => pinned),
  ];
  return [...new Map(pins.map((pin) => [JSON.stringify(pin), pin])).values()];
}

function sectionOfPrompt(prompt: PromptReport, run: RunReport): Section {
  const { id, version, model, digest, dataset, comparison, exampleChanges, flaky, examples } = prompt;
  const { usage, metricUsage, elapsedMs, latencyMs, failures } = prompt;
  const rows = rowsOf(prompt, null, comparison ?? null);
  return {
    id,
    headline: headlineOfPrompt(prompt, run),
    versions: comparison ? `${comparison.base} → ${version}` : version,
    model,
    dataset,
    rows,
    gate: gateOf(prompt, run),
    changes: comparison ? splitChanges(exampleChanges ?? [], comparison.objective.n, holdsAll(prompt)) : null,
    slices: worstFirst(comparison?.slices ?? []),
    flaky: flaky ?? [],
    usage,
    metricUsage,
    elapsedMs,
    latencyMs,
    distributions: distributionsOf(rows, prompt),
    failures,
    pinned: [
      { name: dataset.path, value: dataset.digest },
      { name: `${id} ${version}`, value: digest },
    ],
    proposal: null,
    explanation: null,
    diff: [],
    examples,
  };
}

function sectionOfProposal(proposal: Proposal): Section {
  const { id, from, to, model, base, head, comparison, usage, elapsedMs, search, messages } = proposal;
  const measured = head ?? base;
  const changes = comparison ? splitChanges(proposal.changes, comparison.objective.n, true) : null;
  return {
    id,
    headline: headlineOfProposal(proposal),
    versions: to === null ? from : `${from} → ${to}`,
    model,
    dataset: measured?.dataset ?? null,
    rows: measured ? rowsOf(measured, head && base, comparison) : [],
    gate: comparison?.gate ?? null,
    changes,
    slices: worstFirst(comparison?.slices ?? []),
    flaky: [],
    usage,
    // Of the search it is not known, and the final measurement alone would look like the whole.
    metricUsage: noUsage,
    elapsedMs,
    latencyMs: measured?.latencyMs ?? null,
    distributions: [],
    failures: [...(base?.failures ?? []), ...(head?.failures ?? [])],
    pinned: [
      { name: 'seed', value: String(search.seed) },
      { name: search.dev.path, value: search.dev.digest },
      ...(measured ? [{ name: measured.dataset.path, value: measured.dataset.digest }] : []),
      ...(base ? [{ name: `${id} ${from}`, value: base.prompt.digest }] : []),
      ...(head ? [{ name: `${id} ${to ?? 'candidate'}`, value: head.prompt.digest }] : []),
    ],
    proposal,
    explanation: explanationOf(proposal, changes),
    diff: messages.head ? diffMessages(messages.base, messages.head) : [],
    examples: [],
  };
}

function worstFirst(slices: readonly SliceComparison[]): readonly SliceComparison[] {
  return slices.toSorted((a, b) => (a.difference ?? 0) - (b.difference ?? 0));
}
