import type {
  Comparison,
  ExampleChange,
  ExampleResult,
  MetricComparison,
  MetricSummary,
  Scorecard,
} from '../../src/evaluation/scorecard.ts';
import { noUsage } from '../../src/models/usage.ts';
import type { Proposal } from '../../src/optimization/proposal.ts';
import type { Message } from '../../src/prompts/prompt.ts';
import type { PromptReport, RunReport } from '../../src/reports/run-report.ts';
import { hostileTexts } from './hostile-fixture.ts';
import { searchedCandidates } from './search-fixture.ts';

function summary(
  mean: number | null,
  half: number,
  n: number,
  more: Partial<MetricSummary> = {},
): MetricSummary {
  const interval =
    mean === null
      ? null
      : ([Math.max(0, mean - half), more.unit ? mean + half : Math.min(1, mean + half)] as const);
  return { mean, interval, n, missing: 0, unit: 'ratio', direction: 'higher', ...more };
}

export function compared(
  base: number,
  head: number,
  half: number,
  p: number,
  verdict: MetricComparison['verdict'],
  n = 105,
): MetricComparison {
  const difference = head - base;
  return {
    base,
    head,
    difference,
    interval: [difference - half, difference + half],
    p,
    adjustedP: p,
    margin: null,
    detectable: 0.08,
    n,
    verdict,
  };
}

const dataset: Scorecard['dataset'] = {
  path: 'datasets/query_processing/test.yaml',
  digest: '3f7a0c5b9e21d4887a6f1f0f4c2b7e55a1d0937be48c6cf29d1b2a0e5c7713ad',
  split: 'test',
  n: 105,
};

function card(
  version: string,
  digest: string,
  accuracy: number,
  compliance: number,
  latency: number,
): Scorecard {
  return {
    prompt: { id: 'query_processing/default', version, model: 'embedded/tinyllama-1.1b-chat', digest },
    dataset,
    metrics: {
      intent_accuracy: summary(accuracy, 0.085, 105, { tier: 'objective' }),
      format_compliance: summary(compliance, 0.045, 105, { tier: 'gate' }),
      latency: summary(latency, 22, 105, { unit: 'ms', direction: 'lower', tier: 'report' }),
    },
    objective: summary(0.7 * accuracy + 0.3 * compliance, 0.07, 105),
    results: [] as readonly ExampleResult[],
    metricUsage: noUsage,
    usage: { calls: 105, cached: 0, inputTokens: 14_805, outputTokens: 512, usd: 0, retries: 0 },
    failures: [],
    latencyMs: { median: latency - 18, p95: latency * 1.7 },
  };
}

const baseMessages: readonly Message[] = [
  {
    role: 'system',
    content:
      'Classify the intent of the query.\nIntents: AddToPlaylist, BookRestaurant, GetWeather, PlayMusic, RateBook, SearchCreativeWork, SearchScreeningEvent\nAnswer with the intent only.',
  },
  { role: 'user', content: 'Query: {{query}}\nIntent:' },
];

const headMessages: readonly Message[] = [
  {
    role: 'system',
    content:
      'You label search queries. Each query has exactly one intent.\nIntents: AddToPlaylist, BookRestaurant, GetWeather, PlayMusic, RateBook, SearchCreativeWork, SearchScreeningEvent\nAnswer with the intent only.',
  },
  { role: 'user', content: 'Query: play some jazz from the seventies\nIntent:' },
  { role: 'assistant', content: 'PlayMusic' },
  { role: 'user', content: 'Query: is there a storm now in NC?\nIntent:' },
  { role: 'assistant', content: 'GetWeather' },
  { role: 'user', content: 'Query: find a table for three near the harbour\nIntent:' },
  { role: 'assistant', content: 'BookRestaurant' },
  { role: 'user', content: 'Query: {{query}}\nIntent:' },
];

const intents = [
  'AddToPlaylist',
  'BookRestaurant',
  'GetWeather',
  'PlayMusic',
  'RateBook',
  'SearchCreativeWork',
];
const queries = [
  'Add the album to my Flow Español playlist.',
  'I want to book a sundanese gastropub nearby in Texas for 3 people on 5/20/2025.',
  'Is there a storm now in NC?',
  'Play the newest song by Ōkubo on Deezer',
  'Give the current novel four out of six stars',
  'Where can I buy the soundtrack of The Fox and the Hound?',
  'What time is the matinee of Blue Velvet at the nearest cinema?',
];

function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

function changes(won: number, lost: number): readonly ExampleChange[] {
  const gain = Array.from({ length: won }, (_, index): ExampleChange => {
    const intent = pick(intents, index);
    const base =
      index % 3 === 0 ? `The intent of the query is ${pick(intents, index + 2)}.` : pick(intents, index + 1);
    return {
      example: `snips-val-${intent}-${String(index).padStart(3, '0')}`,
      input: pick(queries, index),
      expected: intent,
      base: { output: base, objective: index % 3 === 0 ? 0 : 0.3 },
      head: { output: intent, objective: 1 },
    };
  });
  const loss = Array.from(
    { length: lost },
    (_, index): ExampleChange => ({
      example: `snips-val-RateBook-${100 + index}`,
      input: pick(queries, index + 4),
      expected: pick(intents, index),
      base: { output: pick(intents, index), objective: 1 },
      head: {
        output: index === 0 ? '' : `${pick(intents, index + 3)}\n\nQuery: play`,
        objective: 0.3 * (index % 2),
      },
    }),
  );
  return [...gain, ...loss];
}

function proposalComparison(): Comparison {
  return {
    base: '1.0.0',
    metrics: {
      intent_accuracy: compared(0.229, 0.714, 0.098, 0.0000004, 'improvement'),
      format_compliance: compared(0.81, 0.971, 0.07, 0.0002, 'improvement'),
      latency: compared(212, 241, 18, 0.012, 'regression'),
    },
    objective: compared(0.4033, 0.7911, 0.092, 0.0000002, 'improvement'),
    slices: [],
    gate: { passed: true, reasons: [], notes: [] },
  };
}

export function acceptedProposal(more: Partial<Proposal> = {}): Proposal {
  const trace = searchedCandidates(14, 0.76);
  const used = Math.max(...trace.flatMap(({ standings }) => standings.map(({ calls }) => calls)));
  return {
    id: 'query_processing/default',
    accepted: true,
    reason: '+38.8 points on the test split, 95% interval +29.6 to +48.0',
    from: '1.0.0',
    to: '1.1.0',
    file: 'prompts/query_processing/default.prompt.yaml',
    calls: used + 210,
    model: 'embedded/tinyllama-1.1b-chat',
    base: card('1.0.0', 'b1946ac92492d2347c6235b4d2611184', 0.229, 0.81, 212),
    head: card('1.1.0', '591785b794601e212b260e25925636fd', 0.714, 0.971, 241),
    comparison: proposalComparison(),
    search: {
      strategy: 'search',
      seed: 7,
      budget: 700,
      calls: used,
      dev: { path: 'datasets/query_processing/dev.yaml', digest: 'c0ffee00d4887a6f1f0f4c2b7e55a1d0', n: 60 },
      candidates: trace,
      ended: 'no other candidate could still win with the calls that were left.',
    },
    messages: { base: baseMessages, head: headMessages },
    changes: changes(54, 4),
    explanation: [
      'The instruction says that each query has exactly one intent.',
      'Three demonstrations from the training split show the bare label as the whole answer.',
      'Most gains are answers that were sentences before and are labels now.',
    ],
    ablation: {
      calls: 60,
      earnings: [
        {
          change: { part: 'demonstrations', rules: [] },
          kept: 0.71,
          without: 0.44,
          difference: 0.27,
          interval: [0.15, 0.38],
          n: 30,
        },
        {
          change: { part: 'instruction', rules: [] },
          kept: 0.71,
          without: 0.7,
          difference: 0.01,
          interval: [-0.05, 0.06],
          n: 30,
        },
      ],
      ended: null,
    },
    usage: { calls: used + 210, cached: 105, inputTokens: 96_412, outputTokens: 3_208, usd: 0, retries: 2 },
    elapsedMs: 203_400,
    ...more,
  };
}

export function rejectedProposal(): Proposal {
  const { ablation: _, ...proposal } = acceptedProposal();
  return {
    ...proposal,
    accepted: false,
    reason: 'the best candidate gains +0.6 points, less than the +2.0 asked for',
    to: null,
    file: null,
    head: card('1.0.1', '2c26b46b68ffc68ff99b453c1d304134', 0.238, 0.81, 214),
    comparison: {
      base: '1.0.0',
      metrics: { intent_accuracy: compared(0.229, 0.238, 0.06, 0.78, 'equivalent') },
      objective: compared(0.4033, 0.4096, 0.05, 0.71, 'equivalent'),
      slices: [],
      gate: { passed: true, reasons: [], notes: [] },
    },
    messages: { base: baseMessages, head: null },
    changes: changes(3, 2),
    explanation: [],
  };
}

/** Entity extraction with failures, long answers and hostile ones. */
export function evaluation(more: Partial<PromptReport> = {}): PromptReport {
  const entities = 'Australia (country)\nSydney (location)\nMelbourne (location)\nBrisbane (location)';
  const examples = Array.from({ length: 60 }, (_, index) => {
    const failed = index % 20 === 7;
    const f1 = ((index * 31) % 60) / 59;
    return {
      example: `crossner-politics-test-${String(index).padStart(4, '0')}`,
      output: failed ? null : index < hostileTexts.length ? pick(hostileTexts, index) : entities,
      values: failed
        ? {}
        : {
            entity_f1: f1,
            format_compliance: index % 9 === 0 ? 0 : 1,
            latency: 380 + ((index * index * 13) % 900),
          },
      feedback:
        failed || f1 === 1
          ? []
          : [`missed ${pick(queries, index)} (politician)`, 'the last line is not "name (type)"'],
    };
  });
  return {
    id: 'entity_extraction/default',
    version: '2.0.1',
    model: 'openai/gpt-5-mini',
    digest: '5f3c',
    dataset: {
      path: 'datasets/entity_extraction/test.yaml',
      digest: '9d377b10ce778c49',
      split: 'test',
      n: 60,
    },
    metrics: {
      entity_f1: summary(0.487, 0.061, 57, { missing: 3 }),
      format_compliance: summary(0.877, 0.083, 57, { missing: 3 }),
      latency: summary(812, 71, 57, { missing: 3, unit: 'ms', direction: 'lower' }),
      cost: summary(0.00041, 0.00003, 57, { missing: 3, unit: 'usd', direction: 'lower' }),
    },
    objective: summary(0.604, 0.055, 57, { missing: 3 }),
    usage: { calls: 60, cached: 12, inputTokens: 48_120, outputTokens: 9_204, usd: 0.0246, retries: 4 },
    metricUsage: noUsage,
    failures: [
      {
        example: 'crossner-politics-test-0007',
        error: 'the provider answered 503 three times. Run it again later.',
      },
      {
        example: 'crossner-politics-test-0027',
        error: 'the provider answered 503 three times. Run it again later.',
      },
      { example: 'crossner-politics-test-0047', error: 'metric entity_f1: gave NaN, not a number' },
    ],
    examples,
    latencyMs: { median: 802, p95: 1_231 },
    elapsedMs: 4_180,
    ...more,
  };
}

export function report(more: Partial<RunReport> = {}): RunReport {
  return {
    schema: 1,
    command: 'promptline optimize query_processing/default --seed 7 --calls 700',
    version: '0.1.0',
    prompts: [],
    ...more,
  };
}
