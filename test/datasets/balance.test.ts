import { describe, expect, it } from 'vitest';
import { rareLabels } from '../../src/datasets/balance.ts';

const times = (label: string, count: number) => Array.from({ length: count }, () => label);

describe('rare labels', () => {
  it('are those with less than a quarter of their fair part, the missing first', () => {
    const labels = [...times('a', 70), ...times('b', 22), ...times('c', 6), ...times('d', 2)];
    expect(rareLabels(labels, ['a', 'b', 'c', 'd', 'e'])).toEqual([
      { label: 'e', count: 0, fair: 20 },
      { label: 'd', count: 2, fair: 20 },
    ]);
  });

  it('are none in equal parts', () => {
    expect(rareLabels([...times('a', 10), ...times('b', 10)], ['a', 'b'])).toEqual([]);
  });
});
