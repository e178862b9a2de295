import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clusterTotals, groupByCluster, meanOfClusters } from '../../src/statistics/clusters.ts';
import { createRandom } from '../../src/statistics/random.ts';

const items = fc.array(
  fc.record({
    value: fc.integer({ min: -100, max: 100 }),
    cluster: fc.constantFrom('a', 'b', 'B', 'ä', '10', '9'),
  }),
  { minLength: 1 },
);

describe('clusters', () => {
  test('keep together what belongs together, and lose nothing', () => {
    expect(
      groupByCluster([
        { cluster: 'b', id: 1 },
        { cluster: 'a', id: 2 },
        { cluster: 'b', id: 3 },
      ]),
    ).toEqual([
      [{ cluster: 'a', id: 2 }],
      [
        { cluster: 'b', id: 1 },
        { cluster: 'b', id: 3 },
      ],
    ]);
    fc.assert(
      fc.property(items, (values) => {
        const groups = groupByCluster(values);
        expect(groups.flat()).toHaveLength(values.length);
        expect(groups).toHaveLength(new Set(values.map(({ cluster }) => cluster)).size);
        for (const group of groups) expect(new Set(group.map(({ cluster }) => cluster)).size).toBe(1);
      }),
    );
  });

  test('total the same in any order of the items', () => {
    fc.assert(
      fc.property(items, fc.integer(), (values, seed) => {
        expect(clusterTotals(createRandom(seed).shuffle(values))).toEqual(clusterTotals(values));
      }),
    );
  });

  test('weigh by their size: the mean is the mean over examples', () => {
    fc.assert(
      fc.property(items, (values) => {
        const mean = values.reduce((sum, { value }) => sum + value, 0) / values.length;
        expect(meanOfClusters(clusterTotals(values))).toBeCloseTo(mean, 10);
      }),
    );
    expect(meanOfClusters([])).toBeNaN();
  });
});
