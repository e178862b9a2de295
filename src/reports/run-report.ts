import type { Shard } from '../datasets/select.ts';
import type { Ranking } from '../evaluation/ranking.ts';
import type {
  Comparison,
  ExampleChange,
  FlakyExample,
  GateResult,
  MetricSummary,
  Scorecard,
  Usage,
} from '../evaluation/scorecard.ts';
import type { Calibration } from '../metrics/metric.ts';
import type { Proposal } from '../optimization/proposal.ts';

/** Version of the shape of report.json; raised when a reader of the old shape would misread the new one. */
export const reportSchemaVersion = 1;

export type PromptReport = {
  readonly id: string;
  readonly version: string;
  readonly model: string;
  /** Of what is sent: two prompts with one digest give the same answers. */
  readonly digest: string;
  readonly dataset: Scorecard['dataset'];
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  readonly objective: MetricSummary;
  readonly usage: Usage;
  /** What metrics asked of models themselves: a judge, embeddings. */
  readonly metricUsage: Usage;
  readonly failures: Scorecard['failures'];
  /** Each example's values, in the dataset's order; of a large run the worst ones, the rest stands in the results file. */
  readonly examples: readonly {
    readonly example: string;
    readonly output: string | null;
    readonly values: Readonly<Record<string, number | null>>;
    readonly feedback: readonly string[];
  }[];
  /** Median and 95th percentile of the answers' latency, milliseconds; null without an answer. */
  readonly latencyMs: { readonly median: number; readonly p95: number } | null;
  /** Wall-clock time of the measurement; null where it was part of an optimization. */
  readonly elapsedMs: number | null;
  /** With more than one repeat: examples that did not score the same each time, the widest spread first. */
  readonly flaky?: readonly FlakyExample[];
  /** With `--base`: what changed since of the prompt and of what it depends on, in words. */
  readonly changedSince?: readonly string[];
  /** With `--base`: why there is no comparison. */
  readonly baseProblem?: string;
  readonly comparison?: Comparison;
  /** How far judges agree with people, by metric; where labelled rows are configured. */
  readonly calibrations?: Readonly<Record<string, Omit<Calibration, 'usage'>>>;
  /** Without a comparison: what the gates say of the values alone. */
  readonly gate?: GateResult;
  /** Examples whose objective differs from the base, the 200 largest changes, the largest first. */
  readonly exampleChanges?: readonly ExampleChange[];
};

/** `report.json`: what a command measured. The JSON is a contract. */
export type RunReport = {
  readonly schema: typeof reportSchemaVersion;
  /** The command that repeats it. */
  readonly command: string;
  /** promptline's version. */
  readonly version: string;
  readonly prompts: readonly PromptReport[];
  readonly proposals?: readonly Proposal[];
  /** What the run was compared with; `problem` where it could not be read. */
  readonly base?: { readonly ref: string; readonly commit: string; readonly problem?: string };
  /** Prompts that were not measured because nothing of them changed since the base. */
  readonly unchanged?: readonly string[];
  /** The part of the examples that was measured. */
  readonly shard?: Shard;
  /** With `--versions`: which of them is best. `waiting` are rows that could not be measured, because they have no reference yet. */
  readonly ranking?: Ranking & { readonly waiting?: { readonly rows: number; readonly file: string } };
  /** Set when the run ended before it was done: what stopped it and how to go on. */
  readonly ended?: string;
};

/** What the gates said of a prompt; null where there are none, and of a part of the examples: they judge the whole, when parts are merged. */
export function gateOf(
  { comparison, gate }: PromptReport,
  { shard }: Pick<RunReport, 'shard'>,
): GateResult | null {
  return shard ? null : (comparison?.gate ?? gate ?? null);
}
