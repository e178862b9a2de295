import { expect, test } from 'vitest';
import { createRandom } from '../../src/statistics/random.ts';
import { planWith } from '../rollout/fixtures.ts';
import { one, two } from '../runtime/fixtures.ts';
import { productionTime, startApplication } from './application.ts';
import { minutes, seconds, watch } from './rolled-out.ts';
import { servedBranch } from './served-branch.ts';

/** More of them, as `PROMPTLINE_RUNS=24`, measure what docs/rollout.md says. */
const runs = Number(process.env['PROMPTLINE_RUNS'] ?? 3);

/** Minutes. Few runs say little of quantiles, and looks of a busy machine take long: they show that it ends at all. */
const promised = runs < 20 ? { half: 6, most: 12 } : { half: 3, most: 5 };

/** Longest time between two polls of the runtime, and what a poll itself takes. */
const longestPoll = 40 * seconds;

/** Minutes from the first user who gets a version that is 15% worse to the last, whichever server gave it. */
async function minutesOfHarm({ pass }: ReturnType<typeof productionTime>, seed: string): Promise<number> {
  const branch = await servedBranch(planWith({}));
  await branch.release(one, Date.now());
  const application = await startApplication({
    ...branch,
    usersPerMinute: 600,
    success: { '1.0.0': 0.9, '1.1.0': 0.9 * 0.85 },
    seed,
  });
  // Nobody releases in step with the servers' polls.
  await pass(createRandom(`phase of ${seed}`).next() * minutes);
  await branch.release(two, Date.now());
  const until = Date.now() + 60 * minutes;
  const clock = { now: () => Date.now(), sleep: pass, isOver: () => Date.now() >= until };
  const { happened } = await watch(branch, clock);
  expect(happened.at(-1)?.entry.what).toBe('reverted');
  await pass(longestPoll);
  const { first, last } = application.served('1.1.0') ?? { first: 0, last: Number.POSITIVE_INFINITY };
  expect(last).toBeLessThan(Date.now() - seconds);
  application.close();
  return (last - first) / minutes;
}

test('a drop of 15% at 600 users a minute and 10% ends in time', async () => {
  const time = productionTime();
  const took: number[] = [];
  for (let run = 1; run <= runs; run++) took.push(await minutesOfHarm(time, `drop ${run}`));
  const ordered = took.toSorted((a, b) => a - b);
  const quantile = (share: number) => ordered[Math.ceil(share * runs) - 1] ?? Number.NaN;
  const shown = ordered.map((value) => value.toFixed(1)).join(' ');
  console.log(
    `minutes: ${shown}; median ${quantile(0.5).toFixed(2)}, 90% within ${quantile(0.9).toFixed(2)}`,
  );
  expect(quantile(0.5)).toBeLessThanOrEqual(promised.half);
  expect(quantile(0.9)).toBeLessThanOrEqual(promised.most);
});
