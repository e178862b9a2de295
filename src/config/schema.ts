import { z } from 'zod';
import { compositeConfigSchema } from '../models/composite/composite-config.ts';
import { referenceProblems } from '../models/composite/references.ts';
import { providerConfigSchema } from '../models/provider-config.ts';
import { alertsConfigSchema } from './alerts.ts';
import { countingProblems } from './counted-metrics.ts';
import { harvestConfigSchema } from './harvest.ts';
import { monitoringConfigSchema } from './monitoring.ts';
import { rolloutConfigSchema } from './rollout.ts';
import { telemetryConfigSchema } from './telemetry.ts';
import { triggersConfigSchema } from './triggers.ts';

const change = z.union([
  z.number().min(0),
  z.string().regex(/^\d+(\.\d+)?%$/, 'Give an amount, or a share of the base as "5%"'),
]);

const gate = z
  .strictObject({
    min: z.number().optional().describe('The least value the new version may have.'),
    max: z.number().optional().describe('The largest value the new version may have.'),
    maxDrop: change
      .optional()
      .describe(
        'The largest loss against the base that is allowed: an amount, or a share of the base as `5%`.',
      ),
    maxIncrease: change
      .optional()
      .describe('The same for metrics where less is better: the largest growth that is allowed.'),
  })
  .describe('What a pull request must not break.');

/** What every metric has; its own options stand beside. */
export const metricEntry = z
  .looseObject({
    use: z.string().optional().describe('The metric, where its name here is your own. Default: the name.'),
    weight: z
      .number()
      .min(0)
      .optional()
      .describe('Share in the objective that `optimize` raises. Default 0: reported only.'),
    gate: gate.optional(),
    prompts: z
      .array(z.string())
      .optional()
      .describe('The prompts of the family it measures, by name. Default: all.'),
  })
  .describe('A metric with its options.');

const datasets = z
  .union([
    z.string(),
    z.strictObject({
      train: z.string().optional().describe('Where demonstrations come from.'),
      dev: z.string().optional().describe('Where candidates are compared.'),
      test: z.string().describe('Where results are measured; a search never sees it.'),
    }),
  ])
  .describe('A folder with train, dev and test (.yaml or .jsonl), or one path for each.');

/** How better prompts can be sought. */
export const strategyNames = [
  'auto',
  'search',
  'reflection',
  'playbook',
  'gepa',
  'demonstrations',
  'random',
] as const;

const optimize = z
  .strictObject({
    strategy: z
      .enum(strategyNames)
      .default('auto')
      .describe(
        'How better prompts are sought. `search`: demonstrations, wordings and layouts; `reflection`: instructions that the proposer writes from what went wrong; `playbook`: rules it adds; `gepa`: instructions, by the optimizer of Ax; `demonstrations`: answers in the own words of the proposer, else of the model, beside the references; `auto`: instructions and demonstrations together where there is a proposer, else search; `random`: the yardstick.',
      ),
    calls: z
      .int()
      .default(600)
      .describe('Model calls the whole run may use, the final measurement included.'),
    minImprovement: z
      .number()
      .min(0)
      .default(0.02)
      .describe('The least gain of the objective worth a pull request.'),
    confidence: z
      .number()
      .gt(0.5)
      .lt(1)
      .default(0.95)
      .describe('How sure a gain must be: of the test and the interval of the objective.'),
    maxDemonstrations: z.int().min(0).default(24).describe('The most demonstrations a prompt may hold.'),
    ablation: z
      .int()
      .min(0)
      .default(60)
      .describe(
        'Model calls, beside `calls`, for measuring what each change of an accepted proposal earns. 0: it is not measured.',
      ),
  })
  .describe('How `optimize` works on this family.');

const family = z
  .strictObject({
    datasets,
    metrics: z.record(z.string(), metricEntry).describe('What is measured, by the name reports show.'),
    optimize: optimize.prefault({}),
  })
  .describe('Prompts that do one task: prompts/<family>/*, their data and metrics.');

const configuration = z.strictObject({
  version: z.literal(1).default(1).describe('Of this file format.'),
  models: z
    .strictObject({
      task: z.string().default('embedded/tinyllama-1.1b-chat').describe('Runs prompts that name no model.'),
      proposer: z
        .string()
        .optional()
        .describe('Writes better instructions for `optimize`. Best a strong model.'),
      judge: z
        .string()
        .optional()
        .describe('Answers the questions of the judge metrics. Best a stronger model than the task model.'),
    })
    .prefault({})
    .describe('Which model does what, as provider/model.'),
  providers: z
    .record(z.string(), providerConfigSchema)
    .default({})
    .describe('Addresses and keys of your own providers; then use them as NAME/model.'),
  composites: z
    .record(z.string(), compositeConfigSchema)
    .default({})
    .superRefine((composites, context) => {
      for (const { path, message } of referenceProblems(composites)) {
        context.addIssue({ code: 'custom', path: [...path], message });
      }
    })
    .describe('Several models that answer as one; use them as composite/NAME.'),
  concurrency: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('Requests at once to a remote model. Default 16.'),
  rollout: rolloutConfigSchema
    .optional()
    .describe(
      'How a released version reaches users, and when it is taken back. Without it versions are released and not rolled out; `rollout: {}` takes every default.',
    ),
  telemetry: telemetryConfigSchema.prefault({}).describe('What is known of production, for rollouts.'),
  monitoring: monitoringConfigSchema.prefault({}).describe('What `status` watches in production.'),
  triggers: triggersConfigSchema.prefault({}).describe('When a prompt is due for optimization.'),
  harvest: harvestConfigSchema.prefault({}).describe('How rows for datasets are made from production.'),
  alerts: alertsConfigSchema,
  families: z.record(z.string(), family).describe('The families of prompts.'),
});

export const configurationSchema = configuration.superRefine((given, context) => {
  for (const { path, message } of countingProblems(given))
    context.addIssue({ code: 'custom', path, message });
});

export type Configuration = z.output<typeof configurationSchema>;
export type FamilyConfiguration = Configuration['families'][string];
export type GateConfiguration = z.output<typeof gate>;
export type OptimizeConfiguration = FamilyConfiguration['optimize'];
