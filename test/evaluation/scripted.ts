import type { FamilyMetric } from '../../src/config/load.ts';
import type { Dataset, Example } from '../../src/datasets/dataset.ts';
import type { ExampleResult, Scorecard } from '../../src/evaluation/scorecard.ts';
import { summarise, summariseObjective } from '../../src/evaluation/summarise.ts';
import type { Metric, Score } from '../../src/metrics/metric.ts';
import { createMetric } from '../../src/metrics/registry.ts';
import { noUsage } from '../../src/models/usage.ts';
import type { Prompt } from '../../src/prompts/prompt.ts';
import { noTools } from '../metrics/no-tools.ts';

export const prompt: Prompt = {
  id: 'colours/name',
  family: 'colours',
  version: '1.0.0',
  description: undefined,
  model: 'fake/model',
  parameters: { temperature: 0 },
  messages: [
    { role: 'system', content: 'Name the colour.' },
    { role: 'user', content: '{{text}}' },
  ],
  output: { format: 'label', field: 'label', labels: ['red', 'green', 'blue'] },
  alternatives: [],
  path: 'prompts/colours/name.prompt.yaml',
};

/** An example whose input and right label are given; its cluster is its own unless named. */
export function example(id: string, label: string, cluster = id): Example {
  return { id, input: { text: id }, expected: { label }, tags: [], cluster };
}

export function datasetOf(examples: readonly Example[]): Dataset {
  return { path: 'datasets/colours/test.yaml', split: 'test', digest: 'digest', examples };
}

/** A metric of the registry as a family holds it. */
export function weighed(
  use: string,
  {
    name = use,
    weight = 1,
    gate = {},
    ...options
  }: { name?: string; weight?: number; gate?: FamilyMetric['gate'] } & Record<string, unknown> = {},
): FamilyMetric {
  return { metric: createMetric(name, use, options, noTools), weight, gate };
}

export const accuracy = weighed('label_accuracy', { field: 'label' });

/** A metric with a scorer of its own. */
export function metricNamed(name: string, fields: Partial<Metric> = {}, weight = 1): FamilyMetric {
  return {
    metric: {
      name,
      description: name,
      direction: 'higher',
      unit: 'ratio',
      scale: 'graded',
      score: () => ({ value: 1, feedback: '' }),
      ...fields,
    },
    weight,
    gate: {},
  };
}

/** What was measured on one example: values by metric, or a failure. */
export function measured(
  id: string,
  values: Readonly<Record<string, number | null | Score>>,
  fields: Partial<ExampleResult> = {},
): ExampleResult {
  const scores = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'object' && value !== null ? value : { value, feedback: '' },
  ]);
  return {
    example: id,
    cluster: id,
    tags: [],
    repeat: 0,
    output: 'answer',
    scores: Object.fromEntries(scores),
    ...fields,
  };
}

/** The scorecard of results, as an evaluation would give it. */
export function scorecardOf(
  metrics: readonly FamilyMetric[],
  results: readonly ExampleResult[],
  version = '1.0.0',
): Scorecard {
  return {
    prompt: { id: prompt.id, version, model: prompt.model, digest: version },
    dataset: { path: 'test.yaml', digest: 'digest', split: 'test', n: results.length },
    metrics: Object.fromEntries(metrics.map(({ metric }) => [metric.name, summarise(metric, results)])),
    objective: summariseObjective(metrics, results),
    results,
    usage: noUsage,
    metricUsage: noUsage,
    failures: results.flatMap(({ example: id, failure }) =>
      failure ? [{ example: id, error: failure }] : [],
    ),
    latencyMs: null,
  };
}

/** `n` results of one metric, the value by index. */
export function results(
  name: string,
  n: number,
  valueAt: (index: number) => number | null,
  fields: (index: number) => Partial<ExampleResult> = () => ({}),
): ExampleResult[] {
  return Array.from({ length: n }, (_, index) =>
    measured(`example-${String(index).padStart(3, '0')}`, { [name]: valueAt(index) }, fields(index)),
  );
}
