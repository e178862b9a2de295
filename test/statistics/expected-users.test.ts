import { expect, test } from 'vitest';
import { expectedUsers } from '../../src/statistics/expected-users.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { watchMetric } from './live-traffic.ts';

const ten = { share: 0.1, tolerance: 0, threshold: 20 };

test('grows with a smaller drop, a larger variance and more metrics', () => {
  const users = (change: object) => expectedUsers({ base: 0.9, drop: 0.15, ...ten, ...change });
  // By the formula without the users' exact distribution in a block, (ln(1/alpha) + 1.4) / G, these are 100, 220 and 590.
  expect(users({}) / 100.34).toBeCloseTo(1, 1);
  expect(users({ base: 0.7 }) / 220).toBeCloseTo(1.05, 1);
  expect(users({ drop: 0.05 }) / 590).toBeCloseTo(1.05, 1);
  expect(users({ threshold: 60 }) - users({})).toBeCloseTo((Math.log(3) * users({})) / (Math.log(20) + 1), 6);
  expect(users({ drop: 0.02, tolerance: 0.02 })).toBe(Number.POSITIVE_INFINITY);
  expect(users({ tolerance: 0.1 })).toBeGreaterThan(3 * users({}));
});

test('is what simulated rollouts take on average, within 15%, at each step', () => {
  for (const share of [0.1, 0.25, 0.5, 0.75]) {
    const needed = Array.from({ length: 400 }, (_, repetition) => {
      const random = createRandom(`${share} ${repetition}`);
      const watch = watchMetric();
      for (let canaries = 0; ; ) {
        const arm = random.next() < share ? 'canary' : 'control';
        if (arm === 'canary') canaries++;
        const lnE = watch(arm, random.next() < (arm === 'canary' ? 0.765 : 0.9) ? 1 : 0);
        if (lnE !== null && lnE >= Math.log(20)) return canaries;
      }
    });
    const mean = needed.reduce((sum, users) => sum + users, 0) / needed.length;
    const expected = expectedUsers({ base: 0.9, drop: 0.15, ...ten, share });
    expect(Math.abs(expected / mean - 1), `at ${share}: ${expected} for ${mean}`).toBeLessThan(0.15);
  }
});
