import { z } from 'zod';
import { duration, waitingTime } from './duration.ts';

const drop = z.number().min(0).lt(1);

const step = z
  .strictObject({
    percent: z.int().min(1).max(100).describe('Users who get the new version, in whole percent.'),
    dwell: duration
      .default('30m')
      .describe('The least time at this step before the next, as `90s`, `30m`, `1h` or `1d`.'),
    leastUsers: z
      .int()
      .min(0)
      .default(50)
      .describe(
        'Users of the new version that every metric must have counted, since the rollout began, before the next step.',
      ),
  })
  .describe('One step.');

const scale = z
  .strictObject({
    best: z.number().gt(0).describe('This much or less counts as 1.'),
    worst: z.number().gt(0).describe('This much or more counts as 0.'),
  })
  .refine(({ best, worst }) => best < worst, 'best must be less than worst')
  .describe(
    'For an amount of which less is better: it is judged as `1 - ln(amount / best) / ln(worst / best)`. Default of `latency` (ms): 100 to 100000, of `cost` (US dollars): 0.00001 to 1. Other metrics are taken as they are, in [0, 1] and higher is better.',
  );

const metric = z
  .strictObject({
    from: z
      .enum(['users', 'counters'])
      .default('users')
      .describe(
        '`users`: one value for each user. `counters`: successes and calls without users, as Prometheus gives them; calls of one user are then taken as independent, which they are not.',
      ),
    scale: scale.optional(),
    tolerance: drop.optional().describe('As `rollout.tolerance`, for this metric.'),
    target: drop.gt(0).optional().describe('As `rollout.target`, for this metric.'),
    nonInferiority: drop.gt(0).optional().describe('As `rollout.nonInferiority`, for this metric.'),
  })
  .refine(({ from, scale }) => from === 'users' || scale === undefined, {
    path: ['scale'],
    error: 'counters count successes, which need no scale',
  })
  .describe('A metric that is watched.');

/** Beside it lie `promptline/<id>`, the branches of proposals, so that it cannot be named `promptline`. */
const branch = z
  .string()
  .regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, 'must be the name of a branch, as promptline-rollouts')
  .refine((name) => name !== 'promptline' && !name.startsWith('promptline/'), {
    error: 'promptline/ is where the branches of proposals are',
  });

const publish = z
  .strictObject({
    command: z
      .array(z.string().min(1))
      .min(1)
      .refine((command) => command.slice(1).some((argument) => argument.includes('{folder}')), {
        error: 'an argument must contain {folder}',
      })
      .describe(
        'A program and its arguments, run without a shell in the folder of promptline.yaml. `{folder}` stands for a folder with `flags.json` and the contents below `prompts/`.',
      ),
    timeout: waitingTime
      .default('1m')
      .describe('How long the command may take, as `30s` or `2m`; then it is ended.'),
  })
  .describe(
    'Brings what is served to where applications read it, after each change of it. Without it, whatever serves the branch does.',
  );

export type PublishConfiguration = z.output<typeof publish>;

/** `rollout:` of promptline.yaml. */
export const rolloutConfigSchema = z
  .strictObject({
    branch: branch
      .default('promptline-rollouts')
      .describe(
        'The branch that holds the state of all rollouts and what is served. It is made when needed.',
      ),
    publish: publish.optional(),
    steps: z
      .array(step)
      .min(1)
      .default([
        { percent: 10, dwell: '1h', leastUsers: 50 },
        { percent: 25, dwell: '30m', leastUsers: 100 },
        { percent: 50, dwell: '30m', leastUsers: 100 },
        { percent: 75, dwell: '30m', leastUsers: 100 },
        { percent: 100, dwell: '0s', leastUsers: 0 },
      ])
      .refine(isRising, 'percentages must rise from step to step')
      .refine((steps) => steps.at(-1)?.percent === 100, 'the last step must be 100 percent')
      .describe(
        'How a new version reaches everybody. Default 10, 25, 50, 75 and 100 percent; 1 h at the first step, then 30 min each; 50 users, then 100.',
      ),
    metrics: z
      .record(z.string(), metric)
      .refine((metrics) => Object.keys(metrics).length > 0, 'name at least one metric')
      .default({ success: { from: 'users' }, latency: { from: 'users' } })
      .describe(
        'What is watched, by the name telemetry gives it: `success` (calls without an error), `latency`, `cost` (of the tokens that calls record), `feedback` (users without a thumbs-down), or the name of an evaluation. Default: success and latency.',
      ),
    tolerance: drop
      .default(0)
      .describe('Relative drop that is no harm: 0.02 lets a success rate of .90 fall to .882.'),
    target: drop
      .gt(0)
      .default(0.15)
      .describe('Relative drop for which the plan says how soon it is noticed. It decides nothing.'),
    nonInferiority: drop
      .gt(0)
      .default(0.15)
      .describe('Relative drop that must be ruled out, for every metric, before the next step.'),
    holdConfidence: z
      .number()
      .gt(0.5)
      .lt(1)
      .default(0.8)
      .describe('How sure harm must be to stop where the rollout is.'),
    revertConfidence: z
      .number()
      .gt(0.5)
      .lt(1)
      .default(0.95)
      .describe(
        'How sure harm must be to revert, and how sure it must be that there is none before the next step. A good version is reverted by mistake in at most the rest of all rollouts: 5% by default.',
      ),
    telemetryTimeout: duration
      .default('15m')
      .describe(
        'Without a user, or a counted call, for so long nothing is promoted: telemetry is taken to be out.',
      ),
  })
  .refine(({ holdConfidence, revertConfidence }) => holdConfidence <= revertConfidence, {
    path: ['holdConfidence'],
    error: 'must not be above revertConfidence: a rollout stops before it reverts',
  })
  .superRefine((rollout, context) => {
    for (const [name, metric] of Object.entries(rollout.metrics)) {
      const tolerance = metric.tolerance ?? rollout.tolerance;
      const target = metric.target ?? rollout.target;
      const nonInferiority = metric.nonInferiority ?? rollout.nonInferiority;
      if (tolerance < target && tolerance < nonInferiority) continue;
      context.addIssue({
        code: 'custom',
        // The tolerance was written, since its default is below everything; the others may not have been.
        path: metric.tolerance === undefined ? ['tolerance'] : ['metrics', name, 'tolerance'],
        message: `must be below target (${target}) and nonInferiority (${nonInferiority}) of ${name}`,
      });
    }
  });

export type RolloutConfiguration = z.output<typeof rolloutConfigSchema>;

function isRising(steps: readonly { readonly percent: number }[]): boolean {
  return steps.every(({ percent }, index) => index === 0 || percent > (steps[index - 1]?.percent ?? 0));
}
