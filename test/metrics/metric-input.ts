import { parseAnswer } from '../../src/formats/codec.ts';
import type { OutputFormat } from '../../src/formats/format.ts';
import type { Metric, MetricInput, Score } from '../../src/metrics/metric.ts';
import { createMetric } from '../../src/metrics/registry.ts';
import { noTools } from './no-tools.ts';

type Answered = {
  output: string;
  expected?: Record<string, unknown>;
  input?: Record<string, unknown>;
  completion?: Partial<MetricInput['completion']>;
};

/** A metric's score for an answer, read by the format as the evaluation does. */
export function scoreOf(metric: Metric, format: OutputFormat, answered: Answered): Score {
  const { output, expected = {}, input = {} } = answered;
  const score = metric.score({
    output,
    format,
    parsed: parseAnswer(format, output, input),
    example: { id: 'one', input, expected, tags: [], cluster: 'one' },
    completion: { latencyMs: 0, inputTokens: 0, outputTokens: 0, usd: null, ...answered.completion },
  });
  if (score instanceof Promise) throw new Error('these metrics answer at once');
  return score;
}

/** A metric under its own name. */
export function metric(use: string, options: Record<string, unknown> = {}): Metric {
  return createMetric(use, use, options, noTools);
}
