import { expect, test } from 'vitest';
import { minutes, production, rolledOut, seconds, simulatedClock, watch } from './rolled-out.ts';

/** More of them, as `PROMPTLINE_RUNS=24`, measure what docs/rollout.md says. */
const runs = Number(process.env['PROMPTLINE_RUNS'] ?? 3);

/** Between two looks of an application at what is served. */
const pickUpEvery = 10 * seconds;

/** What reading, judging and the push of a look may take: far more than they do. */
const lookTakes = 5 * seconds;

/** Minutes of production until nobody gets a version that is 15% worse any more; by real Git and files. */
async function minutesUntilServed(seed: string): Promise<number> {
  const rollout = await rolledOut();
  const traffic = production(rollout, {
    usersPerMinute: 600,
    success: { '1.0.0': 0.9, '1.1.0': 0.9 * 0.85 },
    seed,
  });
  const clock = simulatedClock({ until: 60 * minutes, happens: traffic.second });
  const { happened } = await watch(rollout, clock);
  expect(happened.at(-1)?.entry.what).toBe('reverted');
  expect(Object.keys(Object.values(rollout.manifest().flags)[0]?.variants ?? {})).toEqual(['stable']);
  return (clock.passed() + lookTakes + pickUpEvery) / minutes;
}

test('a drop of 15% at 600 users a minute and 10% ends in time', { timeout: runs * 60_000 }, async () => {
  const took: number[] = [];
  for (let run = 1; run <= runs; run++) took.push(await minutesUntilServed(`drop ${run}`));
  const ordered = took.toSorted((a, b) => a - b);
  const quantile = (share: number) => ordered[Math.ceil(share * runs) - 1] ?? Number.NaN;
  const shown = ordered.map((value) => value.toFixed(1)).join(' ');
  console.log(
    `minutes: ${shown}; median ${quantile(0.5).toFixed(2)}, 90% within ${quantile(0.9).toFixed(2)}`,
  );
  expect(quantile(0.5)).toBeLessThanOrEqual(3);
  expect(quantile(0.9)).toBeLessThanOrEqual(5);
});
