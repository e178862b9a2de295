import { z } from 'zod';
import { strategyNames } from '../config/schema.ts';
import { layouts } from '../prompts/anatomy.ts';
import { type RunReport, reportSchemaVersion } from './run-report.ts';
import { usageSchema } from './usage-schema.ts';

const interval = z.tuple([z.number(), z.number()]);

const metricSummary = z.object({
  mean: z.number().nullable(),
  interval: interval.nullable(),
  n: z.number(),
  missing: z.number(),
  unit: z.enum(['ratio', 'ms', 'tokens', 'usd']),
  direction: z.enum(['higher', 'lower']),
  tier: z.enum(['gate', 'objective', 'report']).exactOptional(),
});

const metricComparison = z.object({
  base: z.number().nullable(),
  head: z.number().nullable(),
  difference: z.number().nullable(),
  interval: interval.nullable(),
  confidence: z.number().exactOptional(),
  p: z.number().nullable(),
  adjustedP: z.number().nullable(),
  margin: z.number().nullable(),
  detectable: z.number().nullable(),
  n: z.number(),
  verdict: z.enum([
    'improvement',
    'regression',
    'equivalent',
    'inconclusive',
    'insufficient data',
    'unreliable baseline',
  ]),
});

const gate = z.object({ passed: z.boolean(), reasons: z.array(z.string()), notes: z.array(z.string()) });

const comparison = z.object({
  base: z.string(),
  metrics: z.record(z.string(), metricComparison),
  objective: metricComparison,
  slices: z.array(metricComparison.extend({ tag: z.string() })),
  gate,
});

const dataset = z.object({
  path: z.string(),
  digest: z.string(),
  split: z.enum(['train', 'dev', 'test']),
  n: z.number(),
  tags: z.array(z.string()).exactOptional(),
});

const nothing = { calls: 0, cached: 0, inputTokens: 0, outputTokens: 0, usd: 0, retries: 0 };

const failures = z.array(z.object({ example: z.string(), error: z.string() }));

const measured = {
  dataset,
  metrics: z.record(z.string(), metricSummary),
  objective: metricSummary,
  usage: usageSchema,
  metricUsage: usageSchema.default(nothing),
  failures,
  latencyMs: z.object({ median: z.number(), p95: z.number() }).nullable(),
};

const counts = z.object({ hits: z.number(), predicted: z.number(), expected: z.number() });

const score = z.object({
  value: z.number().nullable(),
  feedback: z.string(),
  counts: z.record(z.string(), counts).exactOptional(),
  usage: usageSchema.exactOptional(),
});

const scorecard = z.object({
  prompt: z.object({ id: z.string(), version: z.string(), model: z.string(), digest: z.string() }),
  ...measured,
  results: z.array(
    z.object({
      example: z.string(),
      cluster: z.string(),
      tags: z.array(z.string()),
      repeat: z.number(),
      output: z.string().nullable(),
      scores: z.record(z.string(), score),
      failure: z.string().exactOptional(),
    }),
  ),
});

const answer = z.object({ output: z.string(), objective: z.number() });
const exampleChanges = z.array(
  z.object({ example: z.string(), input: z.string(), expected: z.string(), base: answer, head: answer }),
);

const promptReport = z.object({
  id: z.string(),
  version: z.string(),
  model: z.string(),
  digest: z.string(),
  ...measured,
  elapsedMs: z.number().nullable(),
  examples: z.array(
    z.object({
      example: z.string(),
      output: z.string().nullable(),
      values: z.record(z.string(), z.number().nullable()),
      feedback: z.array(z.string()),
    }),
  ),
  flaky: z.array(z.object({ example: z.string(), objectives: z.array(z.number()) })).exactOptional(),
  changedSince: z.array(z.string()).exactOptional(),
  calibrations: z
    .record(
      z.string(),
      z.object({ agreement: z.number(), kappa: z.number().nullable(), n: z.number(), unread: z.number() }),
    )
    .exactOptional(),
  baseProblem: z.string().exactOptional(),
  comparison: comparison.exactOptional(),
  gate: gate.exactOptional(),
  exampleChanges: exampleChanges.exactOptional(),
});

const search = z.object({
  strategy: z.enum(strategyNames),
  seed: z.number(),
  budget: z.number(),
  calls: z.number(),
  dev: z.object({ path: z.string(), digest: z.string(), n: z.number() }),
  candidates: z.array(
    z.object({
      id: z.number(),
      parent: z.number().nullable(),
      why: z.string(),
      choices: z.object({
        instruction: z.string(),
        layout: z.enum(layouts),
        demonstrations: z.array(z.string()),
      }),
      standings: z.array(z.object({ calls: z.number(), rows: z.number(), mean: z.number() })),
      fate: z.enum(['picked', 'raced out', 'failed']),
      failure: z.string().exactOptional(),
    }),
  ),
  ended: z.string(),
});

const ablation = z.object({
  calls: z.number(),
  earnings: z.array(
    z.object({
      change: z.object({
        part: z.enum(['instruction', 'added rules', 'removed rules', 'demonstrations', 'layout']),
        rules: z.array(z.string()),
      }),
      kept: z.number().nullable(),
      without: z.number().nullable(),
      difference: z.number().nullable(),
      interval: interval.nullable(),
      n: z.number(),
    }),
  ),
  ended: z.string().nullable(),
});

const messages = z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }));

const proposal = z.object({
  id: z.string(),
  accepted: z.boolean(),
  reason: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  file: z.string().nullable(),
  calls: z.number(),
  model: z.string(),
  base: scorecard.nullable(),
  head: scorecard.nullable(),
  comparison: comparison.nullable(),
  search,
  messages: z.object({ base: messages, head: messages.nullable() }),
  changes: exampleChanges,
  explanation: z.array(z.string()),
  ablation: ablation.exactOptional(),
  usage: usageSchema,
  elapsedMs: z.number(),
});

const ranking = z.object({
  prompt: z.string(),
  n: z.number(),
  versions: z.array(z.object({ version: z.string(), mean: z.number().nullable() })),
  pairs: z.array(z.object({ base: z.string(), head: z.string(), comparison: metricComparison })),
  best: z.string().nullable(),
  waiting: z.object({ rows: z.number(), file: z.string() }).exactOptional(),
});

/** The shape of report.json. Keys it does not name are ignored: a later version may add some. */
export const runReportSchema = z.object({
  schema: z.literal(reportSchemaVersion),
  command: z.string(),
  version: z.string(),
  prompts: z.array(promptReport),
  proposals: z.array(proposal).exactOptional(),
  base: z
    .object({ ref: z.string(), commit: z.string(), problem: z.string().exactOptional() })
    .exactOptional(),
  unchanged: z.array(z.string()).exactOptional(),
  shard: z.object({ index: z.number(), of: z.number() }).exactOptional(),
  ranking: ranking.exactOptional(),
  ended: z.string().exactOptional(),
}) satisfies z.ZodType<RunReport>;
