import { expect, test } from 'vitest';
import { createRandom } from '../../src/statistics/random.ts';
import { sampleRatioLogEvidence } from '../../src/statistics/sample-ratio.ts';
import { describeGoldens } from './goldens.ts';

describeGoldens('the sample ratio', (goldens) => {
  test('is judged as in the reference', () => {
    for (const { nT, nC, p, lnE } of goldens().sample_ratio.cases)
      expect(sampleRatioLogEvidence(nT, nC, p)).toBeCloseTo(lnE, 5);
  });
});

test('users assigned as intended hardly ever reach 1000 to 1, those of a broken assignment soon do', () => {
  const reached = (assigned: number, seed: string) => {
    const random = createRandom(seed);
    let canary = 0;
    for (let users = 1; users <= 2000; users++) {
      if (random.next() < assigned) canary++;
      if (sampleRatioLogEvidence(canary, users - canary, 0.1) >= Math.log(1000)) return true;
    }
    return false;
  };
  const runs = Array.from({ length: 200 }, (_, run) => run);
  expect(runs.filter((run) => reached(0.1, `sound ${run}`)).length).toBeLessThanOrEqual(1);
  expect(runs.filter((run) => reached(0.15, `broken ${run}`)).length).toBeGreaterThan(190);
});
