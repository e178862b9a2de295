import type { Split } from '../datasets/dataset.ts';
import type { Score } from '../metrics/metric.ts';
import type { Usage } from '../models/usage.ts';

export type { Usage };

/** One example measured once. */
export type ExampleResult = {
  readonly example: string;
  readonly cluster: string;
  readonly tags: readonly string[];
  readonly repeat: number;
  /** Null when the model failed, and in the `results` of a run too large to hold every answer. */
  readonly output: string | null;
  /** Of the metrics that did not fail. */
  readonly scores: Readonly<Record<string, Score>>;
  /** Why the model or a metric failed. */
  readonly failure?: string;
};

export type Interval = readonly [low: number, high: number];

/** What a metric decides: a gate, a share of the objective, or nothing. A gated metric may have a weight too. */
export type MetricTier = 'gate' | 'objective' | 'report';

export type MetricSummary = {
  /** The mean over examples, or the pooled ratio; null when no example has a value. */
  readonly mean: number | null;
  /** 95%, bootstrap (BCa) over clusters, or Wilson for binary metrics without clusters; null with fewer than two clusters. */
  readonly interval: Interval | null;
  /** Examples with a value. */
  readonly n: number;
  /** Examples without one. */
  readonly missing: number;
  /** Of `mean` and `interval`: a share in [0, 1], milliseconds, tokens or US dollars. */
  readonly unit: 'ratio' | 'ms' | 'tokens' | 'usd';
  /** Which way is better. */
  readonly direction: 'higher' | 'lower';
  /** Absent for the objective itself. */
  readonly tier?: MetricTier;
};

/** One prompt measured on one dataset with one model. */
export type Scorecard = {
  readonly prompt: {
    readonly id: string;
    readonly version: string;
    readonly model: string;
    readonly digest: string;
  };
  readonly dataset: {
    readonly path: string;
    readonly digest: string;
    readonly split: Split;
    readonly n: number;
    /** The examples are those with one of these tags; all where it is left out. */
    readonly tags?: readonly string[];
  };
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** The weighted mean of the family's metrics, example by example. */
  readonly objective: MetricSummary;
  /** In the dataset's order, repeat after repeat. */
  readonly results: readonly ExampleResult[];
  readonly usage: Usage;
  /** What metrics asked of models themselves: a judge, embeddings. */
  readonly metricUsage: Usage;
  readonly failures: readonly { readonly example: string; readonly error: string }[];
  /** Of the answers, milliseconds; null without one. */
  readonly latencyMs: { readonly median: number; readonly p95: number } | null;
};

export type Verdict =
  | 'improvement'
  | 'regression'
  | 'equivalent'
  | 'inconclusive'
  | 'insufficient data'
  | 'unreliable baseline';

/** One metric of two scorecards on the same examples. */
export type MetricComparison = {
  readonly base: number | null;
  readonly head: number | null;
  /** head - base. */
  readonly difference: number | null;
  /** Interval of the difference, of `confidence`. */
  readonly interval: Interval | null;
  /** Of the interval and the verdict, in (0, 1); 0.95 where it does not stand. */
  readonly confidence?: number;
  /** Two-sided paired p-value. */
  readonly p: number | null;
  /** p after Holm's adjustment over the gated metrics; p itself for the others. The verdict rests on it. */
  readonly adjustedP: number | null;
  /** The loss and the gain that count as none, from the metric's gate; null without one. */
  readonly margin: number | null;
  /** The smallest true difference that a test at this confidence finds with a chance of 80%. */
  readonly detectable: number | null;
  /** Examples with a value in both. */
  readonly n: number;
  readonly verdict: Verdict;
};

/** The objective on the examples of one tag. */
export type SliceComparison = MetricComparison & { readonly tag: string };

export type GateResult = {
  readonly passed: boolean;
  /** Why it failed. */
  readonly reasons: readonly string[];
  /** What could not be judged, and why; does not fail the gate. */
  readonly notes: readonly string[];
};

export type Comparison = {
  /** Version or ref of the base. */
  readonly base: string;
  readonly metrics: Readonly<Record<string, MetricComparison>>;
  readonly objective: MetricComparison;
  /** By tag, p-values adjusted by Benjamini and Hochberg; tags with too few examples are left out. */
  readonly slices: readonly SliceComparison[];
  readonly gate: GateResult;
};

/** One example answered by both prompts of a comparison, whose objective differs. */
export type ExampleChange = {
  readonly example: string;
  readonly input: string;
  readonly expected: string;
  readonly base: { readonly output: string; readonly objective: number };
  readonly head: { readonly output: string; readonly objective: number };
};

/** An example that was asked several times and did not score the same each time. */
export type FlakyExample = {
  readonly example: string;
  /** Of each repeat, in order. */
  readonly objectives: readonly number[];
};
