import { describe, expect, test } from 'vitest';
import type { Arm } from '../../src/statistics/blocks.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { describeGoldens } from './goldens.ts';
import { median, shareOf, watchMetric } from './live-traffic.ts';

const METRICS = 3;
const REVERT = Math.log(METRICS / 0.05);
const steps = [0.1, 0.25, 0.5, 0.75];

describe('a good version, watched after every block', () => {
  test('with three metrics is reverted in at most 5% of rollouts of 20,000 users', () => {
    const reverted = shareOf(1000, (repetition) => {
      const random = createRandom(`good version ${repetition}`);
      const metrics = [0.9, 0.7, 0.95].map((rate) => ({ rate, watched: watchMetric() }));
      for (let user = 0; user < 20_000; user++) {
        const arm: Arm = random.next() < 0.1 ? 'canary' : 'control';
        for (const { rate, watched } of metrics) {
          const lnE = watched(arm, random.next() < rate ? 1 : 0);
          if (lnE !== null && lnE >= REVERT) return true;
        }
      }
      return false;
    });
    expect(reverted).toBeLessThanOrEqual(0.05);
  });

  test('that declines together with the stable one during the ramp is reverted in at most 5%', () => {
    const users = 20_000;
    const reverted = shareOf(1000, (repetition) => {
      const random = createRandom(`shared decline ${repetition}`);
      const watched = watchMetric();
      for (let user = 0; user < users; user++) {
        const time = user / users;
        const share = steps[Math.floor(time * steps.length)] ?? 1;
        const arm: Arm = random.next() < share ? 'canary' : 'control';
        const lnE = watched(arm, random.next() < 0.9 - 0.3 * time ? 1 : 0);
        if (lnE !== null && lnE >= Math.log(20)) return true;
      }
      return false;
    });
    expect(reverted).toBeLessThanOrEqual(0.05);
  });

  const hundredUsers = (repetition: number, eachEvent: boolean) => {
    const random = createRandom(`few users ${repetition}`);
    const users = Array.from({ length: 100 }, () => ({
      arm: (random.next() < 0.1 ? 'canary' : 'control') as Arm,
      // Most users fare well throughout, some badly: what clusters look like.
      rate: random.next() < 0.9 ? 0.98 : 0.18,
      counted: false,
    }));
    const watched = watchMetric();
    for (let event = 0; event < 200 * users.length; event++) {
      const user = random.pick(users);
      const value = random.next() < user.rate ? 1 : 0;
      if (user.counted && !eachEvent) continue;
      user.counted = true;
      const lnE = watched(user.arm, value);
      if (lnE !== null && lnE >= Math.log(20)) return true;
    }
    return false;
  };

  test('with 100 users of 200 events each is reverted in at most 5%, because a user counts once', () => {
    const once = shareOf(1000, (repetition) => hundredUsers(repetition, false));
    const each = shareOf(100, (repetition) => hundredUsers(repetition, true));
    expect(once).toBeLessThanOrEqual(0.05);
    expect(each).toBeGreaterThan(0.2);
  });
});

describeGoldens('detection', (goldens) => {
  test('takes as many canary users as in the reference, in the median', () => {
    const bounds = goldens().simulation_bounds.detection_canary_users_median;
    for (const [name, expected] of Object.entries(bounds)) {
      const [, base, percent] = /^([\d.]+) drop (\d+)%/.exec(name) ?? [];
      const rates = { control: Number(base), canary: Number(base) * (1 - Number(percent) / 100) };
      const needed = Array.from({ length: 600 }, (_, repetition) => {
        const random = createRandom(`${name} ${repetition}`);
        const watched = watchMetric();
        for (let canaries = 0; ; ) {
          const arm: Arm = random.next() < 0.1 ? 'canary' : 'control';
          if (arm === 'canary') canaries++;
          const lnE = watched(arm, random.next() < rates[arm] ? 1 : 0);
          if (lnE !== null && lnE >= Math.log(20)) return canaries;
        }
      });
      expect(Math.abs(median(needed) / expected - 1)).toBeLessThanOrEqual(0.15);
    }
  });
});
