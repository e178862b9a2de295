import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/datasets/dataset.ts';
import { interleave, stableSample } from '../../src/datasets/order.ts';

const row = (id: string, label: string): Example => ({
  id,
  input: {},
  expected: { label },
  tags: [],
  cluster: id,
});
const label = ({ expected }: Example) => String(expected['label']);
const rows = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.constantFrom('a', 'b', 'c')), {
  selector: ([id]) => id,
  maxLength: 30,
});

describe('a sample of a dataset', () => {
  it('is the same at each call, whatever the order of the rows', () => {
    fc.assert(
      fc.property(rows, fc.nat(30), (pairs, limit) => {
        const examples = pairs.map(([id, name]) => row(id, name));
        fc.pre(limit < examples.length);
        const ids = (list: readonly Example[]) => stableSample(list, limit, label).map(({ id }) => id);
        expect(ids(examples)).toHaveLength(limit);
        expect(ids([...examples].reverse())).toEqual(ids(examples));
      }),
    );
  });

  it('is the whole in its order where there are no more', () => {
    const examples = [row('z', 'a'), row('b', 'a'), row('m', 'b')];
    expect(stableSample(examples, 3, label)).toEqual(examples);
    expect(stableSample(examples, 99, label)).toEqual(examples);
  });

  it('takes more strata than a call has room for arguments', () => {
    const examples = Array.from({ length: 200_000 }, (_, n) => row(String(n), String(n)));
    expect(stableSample(examples, 3, label)).toHaveLength(3);
  });

  it('is not the beginning of the alphabet', () => {
    const examples = Array.from({ length: 90 }, (_, n) => row(String(10 + n), 'a'));
    const ids = stableSample(examples, 10, label).map(({ id }) => Number(id));
    expect(Math.max(...ids)).toBeGreaterThan(50);
    expect([...ids].sort()).not.toEqual(ids);
  });

  it('is balanced over the labels', () => {
    const examples = Array.from({ length: 40 }, (_, n) => row(`id${n}`, n < 36 ? 'common' : 'rare'));
    expect(stableSample(examples, 8, label).filter((example) => label(example) === 'rare')).toHaveLength(4);
  });
});

describe('rows in an order whose every beginning is balanced', () => {
  it('are all rows, one of each label in turn', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const examples = pairs.map(([id, name]) => row(id, name));
        const ordered = interleave(examples, label, ({ id }) => id);
        expect(new Set(ordered)).toEqual(new Set(examples));
        const total = Map.groupBy(examples, label);
        for (let n = 1; n <= ordered.length; n++) {
          const counts = Map.groupBy(ordered.slice(0, n), label);
          // A label is behind another only when all its rows are used.
          const most = Math.max(...[...counts.values()].map(({ length }) => length));
          for (const [name, all] of total) {
            expect(counts.get(name)?.length ?? 0).toBeGreaterThanOrEqual(Math.min(all.length, most - 1));
          }
        }
      }),
    );
  });
});
