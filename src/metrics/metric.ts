import type { Example } from '../datasets/dataset.ts';
import type { OutputFormat, ParsedAnswer } from '../formats/format.ts';
import type { Usage } from '../models/usage.ts';

/** What a metric may look at. It never sees the prompt, so it cannot favour one. */
export type MetricInput = {
  readonly output: string;
  readonly parsed: ParsedAnswer;
  readonly format: OutputFormat;
  readonly example: Example;
  readonly completion: {
    readonly latencyMs: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly usd: number | null;
  };
};

/** Items found, given and shared by two lists, for ratios that are pooled over a dataset. */
export type Counts = { readonly hits: number; readonly predicted: number; readonly expected: number };

export type Score = {
  /** In [0, 1] for `ratio` metrics; milliseconds, tokens or dollars for the others. Null: the metric does not apply to this example. */
  readonly value: number | null;
  /** What was wrong, in words an author or an optimizer can act on; empty when nothing was. */
  readonly feedback: string;
  /** By class (entity type, or `''` where there are none), for metrics with `pool`. */
  readonly counts?: Readonly<Record<string, Counts>>;
  /** What the metric itself asked of models (a judge, embeddings). */
  readonly usage?: Usage;
};

/** How well a metric that asks a judge agrees with labels that people gave. */
export type Calibration = {
  /** The share of rows on which both gave the same label, in [0, 1]; a row without a readable verdict counts against it. */
  readonly agreement: number;
  /** Cohen's kappa, weighted by the difference of the labels' scores, over the rows with a verdict; null where chance cannot disagree. */
  readonly kappa: number | null;
  readonly n: number;
  /** Rows without a readable verdict. */
  readonly unread: number;
  readonly usage: Usage;
};

export type Metric = {
  /** Its name in the configuration and in reports. */
  readonly name: string;
  readonly description: string;
  readonly direction: 'higher' | 'lower';
  readonly unit: 'ratio' | 'ms' | 'tokens' | 'usd';
  /** `binary` when each value is 0 or 1: decides the paired test. */
  readonly scale: 'binary' | 'graded';
  score(input: MetricInput): Score | Promise<Score>;
  /** In place of `score`, for a metric of the other metrics' objective; null where none of them applies. */
  readonly ofObjective?: (objective: number | null) => Score;
  /** The dataset's value from merged counts (as micro F1); without it, the mean of the examples' values. */
  readonly pool?: (counts: Readonly<Record<string, Counts>>) => number;
  /** Files of the repository it reads (a corpus, a rubric, its own code): when one changes, its scores may. */
  readonly files?: readonly string[];
  /** Measures the metric's judge against labels that people gave; absent without any. Rejects with a ModelError. */
  readonly calibrate?: (signal?: AbortSignal) => Promise<Calibration>;
};
