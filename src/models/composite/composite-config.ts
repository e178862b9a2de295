import { z } from 'zod';

const reference = z
  .string()
  .regex(/^[^/\s]+\/\S+$/, 'must be provider/model, or composite/NAME for another composite');

function members(least: number) {
  return (
    z
      .array(reference)
      .min(least)
      // The same request to the same model has one stored answer, which would count twice.
      .refine((models) => new Set(models).size === models.length, 'must not name a model twice')
  );
}

const samples = z
  .int()
  .min(1)
  .max(25)
  .default(1)
  .describe('How often each model is asked; more than once says something at a temperature above 0 only.');

const until = z
  .strictObject({
    format: z
      .enum(['exact', 'readable'])
      .optional()
      .describe(
        "The answer is in the prompt's output format: `exact` as the format asks for it, `readable` as far as it can be read.",
      ),
    complete: z
      .literal(true)
      .optional()
      .describe('The answer is not empty, and not cut off at the most tokens it may have.'),
    abstention: z
      .string()
      .refine((word) => word.trim() !== '', 'must be a word')
      .optional()
      .describe('The answer, or a field of it, is not this word for giving none.'),
    agreement: z
      .int()
      .min(2)
      .max(10)
      .optional()
      .describe(
        'So many answers of the model to the same request say the same. At temperature 0 they nearly always do.',
      ),
  })
  .refine((conditions) => Object.keys(conditions).length > 0, {
    error: 'must hold one condition at least',
    // A misspelt condition is one mistake, not two.
    when: ({ issues }) => issues.length === 0,
  })
  .describe('What an answer must be to stand; all that is named here.');

const route = z
  .strictObject({
    type: z.literal('route').describe('A cheap model first, a stronger one where its answer will not do.'),
    models: members(2).describe(
      'As provider/model, the cheapest first. The answer of the last stands as it is.',
    ),
    until,
  })
  .describe('A cascade of models.');

const fallback = z
  .strictObject({
    type: z.literal('fallback').describe('The next model where one fails.'),
    models: members(2).describe('As provider/model, the preferred first.'),
  })
  .describe('A model with others in reserve.');

const vote = z
  .strictObject({
    type: z.literal('vote').describe('The answer that most of several give.'),
    models: members(1).describe('As provider/model; of answers that got as many votes the earlier wins.'),
    samples,
  })
  .refine((config) => config.models.length * config.samples > 2, {
    path: ['models'],
    message: 'must give three answers at least: name more models, or raise `samples`',
  })
  .describe('A majority vote.');

const best = z
  .strictObject({
    type: z.literal('best').describe('The answer of several that a judge picks.'),
    models: members(1).describe('As provider/model.'),
    samples,
    judge: reference.describe('The model that picks.'),
  })
  .refine((config) => config.models.length * config.samples > 1, {
    path: ['models'],
    message: 'must give two answers at least: name more models, or raise `samples`',
  })
  .describe('The best of several answers.');

/** One entry of `composites` in `promptline.yaml`: several models that answer as one. */
export const compositeConfigSchema = z.discriminatedUnion('type', [route, fallback, vote, best]);

export type CompositeConfig = z.output<typeof compositeConfigSchema>;
export type RouteConditions = z.output<typeof until>;
/** By name. */
export type Composites = Readonly<Record<string, CompositeConfig>>;
