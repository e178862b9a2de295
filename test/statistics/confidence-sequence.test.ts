import { expect, test } from 'vitest';
import {
  addMoment,
  confidenceHalfWidth,
  meanAtAllTimes,
  noMoments,
  tuning,
} from '../../src/statistics/confidence-sequence.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { describeGoldens } from './goldens.ts';

describeGoldens('the confidence sequence', (goldens) => {
  test('is as wide as in the reference', () => {
    const { rho, half } = goldens().asymptotic_cs;
    expect(tuning(rho.alpha, rho.nStar)).toBeCloseTo(rho.value, 9);
    const width = confidenceHalfWidth({ n: half.n, deviation: half.s, alpha: rho.alpha, rho: rho.value });
    expect(width).toBeCloseTo(half.value, 6);
  });
});

test('the mean of a stream leaves its intervals at any time in at most 5% of streams', () => {
  let left = 0;
  for (let run = 0; run < 300; run++) {
    const random = createRandom(`stream ${run}`);
    let moments = noMoments;
    for (let n = 1; n <= 1000; n++) {
      moments = addMoment(moments, random.next() < 0.3 ? 1 : 0);
      const interval = n >= 50 ? meanAtAllTimes(moments, 0.05, 500) : null;
      if (!interval || Math.abs(interval.mean - 0.3) <= interval.half) continue;
      left++;
      break;
    }
  }
  expect(left / 300).toBeLessThanOrEqual(0.05);
});

test('one value has no interval, nor have equal ones: one without width would hold for certain', () => {
  for (const value of [0, 0.1, 0.5, -1]) {
    let moments = addMoment(noMoments, value);
    expect(meanAtAllTimes(moments, 0.05, 500)).toBeNull();
    for (let n = 2; n <= 100; n++) {
      moments = addMoment(moments, value);
      expect(meanAtAllTimes(moments, 0.05, 500)).toBeNull();
    }
    expect(meanAtAllTimes(addMoment(moments, value + 0.01), 0.05, 500)?.half).toBeGreaterThan(0);
  }
});
