import { z } from 'zod';
import { duration, millisecondsOf } from './duration.ts';

/** Metrics that are amounts: judged by a quantile, because nothing bounds their mean. All others lie in [0, 1]. */
export const amounts: ReadonlySet<string> = new Set(['latency', 'tokens', 'cost']);

/** Ways to say what is wrong; a rule has one of them. */
const conditions = ['above', 'below', 'rise', 'drop'] as const;

const change = z.union([
  z.number().gt(0),
  z.string().regex(/^\d+(\.\d+)?%$/, 'Give an amount, or a share of the baseline as "15%"'),
]);

const period = duration.refine((text) => millisecondsOf(text) >= 60_000, 'must be 1m or more');

/** All of them are judged at each look. */
const windowsInARow = z.int().min(1).max(1000);

const rule = z
  .strictObject({
    metric: z
      .string()
      .describe(
        '`success`, `latency` (ms), `tokens`, `cost` (US dollars), `feedback`, `format_compliance`, `hallucination_rate`, or the name of an evaluation.',
      ),
    statistic: z
      .enum(['median', 'p95'])
      .default('p95')
      .describe('Of latency, tokens and cost. Other metrics lie in [0, 1] and are judged by their mean.'),
    above: z.number().optional().describe('It alerts when the value is above this.'),
    below: z.number().optional().describe('It alerts when the value is below this.'),
    rise: change
      .optional()
      .describe(
        'It alerts when the value is more than this above the baseline: an amount, or a share as `15%`.',
      ),
    drop: change
      .optional()
      .describe('It alerts when the value is more than this below the baseline: an amount, or a share.'),
    window: period.default('1h').describe('What is judged together; windows begin at full multiples, UTC.'),
    leastSamples: z.int().min(2).default(30).describe('Users in a window without whom it is not judged.'),
    sustained: windowsInARow.default(1).describe('Windows in a row that must be wrong before it alerts.'),
    resolved: windowsInARow.default(2).describe('Windows in a row that must be right before it ends.'),
  })
  .superRefine((given, context) => {
    const said = conditions.filter((name) => given[name] !== undefined);
    if (said.length !== 1)
      context.addIssue({ code: 'custom', message: `needs one of ${conditions.join(', ')}, and only one` });
    const { drop } = given;
    if (typeof drop === 'string' && Number(drop.slice(0, -1)) >= 100)
      context.addIssue({
        code: 'custom',
        path: ['drop'],
        message: 'nothing falls by 100% and more: give a smaller share',
      });
    const bound = given.above ?? given.below;
    if (bound !== undefined && !amounts.has(given.metric) && !(bound > 0 && bound < 1))
      context.addIssue({ code: 'custom', message: `${given.metric} lies in [0, 1]: give a bound inside` });
  })
  .describe('When somebody is to be told.');

/** `monitoring:` of promptline.yaml. */
export const monitoringConfigSchema = z.strictObject({
  baseline: period
    .default('7d')
    .describe('The time before a window that it is compared with: what users of the stable version had.'),
  unit: z
    .enum(['users', 'calls'])
    .default('users')
    .describe(
      '`users`: the first call of each user in a window counts. `calls`: each call does, which takes the calls of one user as independent.',
    ),
  falseAlarms: z
    .number()
    .gt(0)
    .default(10)
    .describe('Alerts in 1,000 days, of all rules, drift and prompts together, that may be mistakes.'),
  samples: z
    .int()
    .min(0)
    .default(50)
    .describe(
      'Calls of a prompt in an hour, chosen at random, whose recorded texts are scored for format compliance and hallucination.',
    ),
  rules: z
    .record(z.string(), rule)
    .default({
      success: ruleOf({ metric: 'success', drop: '15%' }),
      success_day: ruleOf({ metric: 'success', drop: '5%', window: '1d' }),
      latency: ruleOf({ metric: 'latency', rise: '50%' }),
      format: ruleOf({ metric: 'format_compliance', drop: '15%', window: '6h' }),
      hallucination: ruleOf({ metric: 'hallucination_rate', rise: 0.15, window: '6h' }),
      feedback: ruleOf({ metric: 'feedback', drop: '15%', window: '1d' }),
    })
    .describe(
      'By name. Default: success falls by 15% in an hour or by 5% on a day, format compliance or feedback by 15%, the 95th percentile of latency rises by half, hallucination by 15 points.',
    ),
  drift: z
    .strictObject({
      window: period.default('1d').describe('What is compared with the baseline, when it is over.'),
      tolerance: z
        .number()
        .min(0)
        .lt(1)
        .default(0.1)
        .describe('The distance of two distributions, from 0 to 1, that is no drift.'),
      leastSamples: z
        .int()
        .min(2)
        .default(100)
        .describe('Users on both sides without whom it is not judged.'),
    })
    .prefault({})
    .describe('Whether inputs, or the answers of a model that kept its name, became others.'),
});

export type MonitoringConfiguration = z.output<typeof monitoringConfigSchema>;
export type RuleConfiguration = z.output<typeof rule>;

/** A rule with every default. */
function ruleOf(given: z.input<typeof rule>): RuleConfiguration {
  return rule.parse(given);
}
