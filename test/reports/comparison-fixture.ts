import type { Comparison, MetricSummary, SliceComparison } from '../../src/evaluation/scorecard.ts';
import type { PromptReport, RunReport } from '../../src/reports/run-report.ts';
import { acceptedProposal, compared, report } from './fixtures.ts';

const n = 200;

function summary(mean: number, half: number, more: Partial<MetricSummary>): MetricSummary {
  return {
    mean,
    interval: [mean - half, mean + half],
    n: n - 2,
    missing: 2,
    unit: 'ratio',
    direction: 'higher',
    ...more,
  };
}

function slice(
  tag: string,
  size: number,
  difference: number,
  verdict: SliceComparison['verdict'],
): SliceComparison {
  const half = 1.1 / Math.sqrt(size);
  const p = verdict === 'inconclusive' ? 0.4 : 0.003;
  return {
    ...compared(0.7, 0.7 + difference, half, p, verdict, size),
    tag,
    adjustedP: verdict === 'inconclusive' ? 0.62 : 0.021,
  };
}

export const slices: readonly SliceComparison[] = [
  slice('intent:AddToPlaylist', 29, 0.09, 'inconclusive'),
  slice('intent:BookRestaurant', 31, 0.24, 'improvement'),
  slice('intent:GetWeather', 28, 0.05, 'inconclusive'),
  slice('intent:PlayMusic', 30, -0.02, 'inconclusive'),
  slice('intent:RateBook', 24, -0.29, 'regression'),
  slice('intent:SearchCreativeWork', 27, 0.11, 'inconclusive'),
  slice('language:es', 18, -0.06, 'inconclusive'),
  slice('long', 62, 0.16, 'improvement'),
  slice('short', 138, 0.02, 'inconclusive'),
];

const metrics: PromptReport['metrics'] = {
  // Not in the order of the table.
  latency: summary(412, 18, { unit: 'ms', direction: 'lower', tier: 'report' }),
  cost: summary(0.00041, 0.00001, { unit: 'usd', direction: 'lower', tier: 'report' }),
  hallucination_rate: summary(0.031, 0.014, { direction: 'lower', tier: 'report' }),
  slot_f1: summary(0.742, 0.05, { tier: 'objective' }),
  intent_accuracy: summary(0.81, 0.055, { tier: 'gate' }),
  tokens: summary(231, 3, { unit: 'tokens', direction: 'lower', tier: 'gate' }),
  format_compliance: summary(0.98, 0.02, { tier: 'gate' }),
};

const changed: Comparison['metrics'] = {
  latency: { ...compared(398, 412, 21, 0.18, 'inconclusive', n - 2), detectable: 30 },
  cost: { ...compared(0.00039, 0.00041, 0.000012, 0.0004, 'regression', n - 2), detectable: 0.000017 },
  hallucination_rate: compared(0.034, 0.031, 0.02, 0.79, 'inconclusive', n - 2),
  slot_f1: compared(0.69, 0.742, 0.04, 0.011, 'improvement', n - 2),
  intent_accuracy: { ...compared(0.76, 0.81, 0.047, 0.031, 'inconclusive', n - 2), adjustedP: 0.062 },
  tokens: {
    ...compared(190, 231, 4, 1e-9, 'regression', n - 2),
    adjustedP: 3e-9,
    detectable: 5.7,
    margin: 10,
  },
  format_compliance: {
    ...compared(0.97, 0.98, 0.018, 0.4, 'equivalent', n - 2),
    margin: 0.03,
    detectable: 0.026,
  },
};

/** A pull request's prompt against its base: better as a whole, with a gate that holds and one that says what it cannot see. */
export function comparedPrompt(more: Partial<PromptReport> = {}): PromptReport {
  return {
    id: 'query_processing/default',
    version: '1.1.0',
    model: 'openai/gpt-5-mini',
    digest: '591785b794601e212b260e25925636fd',
    dataset: {
      path: 'datasets/query_processing/test.yaml',
      digest: '3f7a0c5b9e21d4887a6f1f0f4c2b7e55a1d0937be48c6cf29d1b2a0e5c7713ad',
      split: 'test',
      n,
    },
    metrics,
    objective: summary(0.781, 0.042, {}),
    usage: { calls: n, cached: 61, inputTokens: 41_210, outputTokens: 4_988, usd: 0.0822, retries: 3 },
    metricUsage: { calls: 198, cached: 0, inputTokens: 61_004, outputTokens: 3_960, usd: 0.214, retries: 1 },
    failures: [
      { example: 'snips-val-031', error: 'the provider answered 503 three times. Run it again later.' },
      { example: 'snips-val-117', error: 'the provider answered 503 three times. Run it again later.' },
    ],
    examples: Array.from({ length: n }, (_, index) => ({
      example: `snips-val-${String(index).padStart(3, '0')}`,
      output: index === 31 || index === 117 ? null : 'BookRestaurant\nparty_size: 3',
      values:
        index === 31 || index === 117
          ? {}
          : {
              intent_accuracy: Number(index % 5 !== 0),
              slot_f1: ((index * 37) % 50) / 50,
              format_compliance: Number(index % 50 !== 3),
              hallucination_rate: 0,
              latency: 300 + ((index * index * 13) % 400) + (index % 29 === 0 ? 600 : 0),
              tokens: 215 + ((index * 7) % 40),
              cost: (215 + ((index * 7) % 40)) * 0.0000018,
            },
      feedback: index % 5 === 0 ? ['the intent is PlayMusic, the answer says BookRestaurant'] : [],
    })),
    latencyMs: { median: 497, p95: 697 },
    elapsedMs: 18_240,
    flaky: [
      { example: 'snips-val-014', objectives: [1, 0, 1] },
      { example: 'snips-val-088', objectives: [0.3, 0.3, 1] },
    ],
    changedSince: ['the prompt'],
    comparison: {
      base: 'main (1.0.0)',
      metrics: changed,
      objective: compared(0.73, 0.781, 0.033, 0.002, 'improvement', n - 2),
      slices,
      gate: {
        passed: true,
        reasons: [],
        notes: [
          'intent_accuracy: this dataset shows differences of 0.08 and more; a smaller loss would pass',
        ],
      },
    },
    exampleChanges: acceptedProposal().changes,
    ...more,
  };
}

/** A prompt whose gate fails. */
export function failedPrompt(): PromptReport {
  const { comparison, ...prompt } = comparedPrompt({
    id: 'entity_extraction/default',
    failures: [],
    flaky: [],
    changedSince: ['the prompt', 'the dataset datasets/entity_extraction/test.yaml'],
  });
  if (!comparison) throw new Error('the fixture has a comparison');
  const reason = 'intent_accuracy fell by 0.085, more than the allowed 0.02; 95% interval -0.132 to -0.038';
  return {
    ...prompt,
    comparison: {
      ...comparison,
      metrics: {
        ...comparison.metrics,
        intent_accuracy: compared(0.81, 0.725, 0.047, 0.0003, 'regression', n),
      },
      objective: compared(0.781, 0.73, 0.033, 0.002, 'regression', n),
      slices: [],
      gate: { passed: false, reasons: [reason], notes: ['slot_f1 was not judged: insufficient data'] },
    },
  };
}

/** `evaluate --base main` as a pull request shows it. */
export function comparedRun(more: Partial<RunReport> = {}): RunReport {
  return report({
    command: 'promptline evaluate --base main --repeat 3',
    base: { ref: 'main', commit: '7dc1b2b0aa5e5b7f3f0a94f1c8ad5f6a1a2b3c4d' },
    unchanged: [],
    prompts: [comparedPrompt()],
    ...more,
  });
}
