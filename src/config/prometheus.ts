import { z } from 'zod';
import { duration } from './duration.ts';
import { parseSelector } from './selector.ts';

const environmentVariable = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable, not the secret itself');

const selector = z
  .string()
  .refine((text) => parseSelector(text) !== null, 'must be a selector as name{label="value"}, and no more');

const label = z.string().regex(/^[a-zA-Z_]\w*$/, 'must be the name of a label');

const counter = z
  .strictObject({
    total: selector.optional().describe('The counter of all calls, as a selector: `name{label="value"}`.'),
    good: selector.optional().describe('Beside `total`, the counter of calls that went well.'),
    bad: selector.optional().describe('In place of `good`, the counter of the others.'),
    histogram: selector
      .optional()
      .describe('In place of counters, a histogram with classic buckets, by its name without `_bucket`.'),
    atMost: z
      .number()
      .gt(0)
      .optional()
      .describe('What is in the histogram up to this went well. A bound of its buckets, in its unit.'),
  })
  .refine(
    ({ total, good, bad, histogram, atMost }) =>
      [total, good ?? bad].every((each) => (each === undefined) === (histogram !== undefined)) &&
      (good === undefined || bad === undefined) &&
      (histogram === undefined) === (atMost === undefined),
    'needs total and one of good, bad; or histogram and atMost',
  )
  .describe('Which series a metric is counted by.');

const labels = z
  .strictObject({
    prompt: label.default('gen_ai_prompt_name').describe("The label of the prompt's id, `family/name`."),
    version: label.default('gen_ai_prompt_version').describe("The label of the prompt's version."),
    generation: label
      .default('feature_flag_version')
      .describe('The label of the generation of its rollout; series without it belong to every one.'),
  })
  .prefault({})
  .describe('How series say whose calls they count.');

/** A source of `type: prometheus`. */
export const prometheusSourceSchema = z
  .strictObject({
    type: z.literal('prometheus').describe('Counters and histograms, by the HTTP API of Prometheus.'),
    url: z
      .url({ protocol: /^https?$/, error: 'must be an http or https address' })
      .refine(
        (url) => !hasPassword(url),
        'must not hold a name or password: name their variable with basicAuthEnv',
      )
      .describe('What comes before `/api/v1`, as `http://127.0.0.1:9090`.'),
    tokenEnv: environmentVariable
      .optional()
      .describe('The environment variable that holds a bearer token, where the server asks for one.'),
    basicAuthEnv: environmentVariable
      .optional()
      .describe('The environment variable that holds `name:password`, where the server asks for them.'),
    labels,
    delay: duration
      .default('30s')
      .describe('How long after their time samples are sure to be there; what is younger is read later.'),
    metrics: z
      .record(z.string(), counter)
      .refine((metrics) => Object.keys(metrics).length > 0, 'name at least one metric')
      .describe('Which series are what `rollout.metrics` watches `from: counters`, by its name there.'),
  })
  .refine(({ tokenEnv, basicAuthEnv }) => tokenEnv === undefined || basicAuthEnv === undefined, {
    path: ['basicAuthEnv'],
    error: 'must not stand beside tokenEnv',
  });

export type PrometheusConfiguration = z.output<typeof prometheusSourceSchema>;
/** Which series a metric is counted by. */
export type CounterConfiguration = PrometheusConfiguration['metrics'][string];

function hasPassword(url: string): boolean {
  return URL.canParse(url) && new URL(url).username + new URL(url).password !== '';
}
