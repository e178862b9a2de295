import fc from 'fast-check';
import { expect, it } from 'vitest';
import { divideRows, FEWEST_TO_DIVIDE } from '../../src/datasets/divide.ts';

const rows = fc
  .array(fc.string(), { maxLength: 60 })
  .map((texts) => texts.map((text, id) => ({ id, input: { text } })));

it('puts every different row into one split, whatever their order', () => {
  fc.assert(
    fc.property(rows, fc.infiniteStream(fc.nat()), (given, order) => {
      const { splits, repeated } = divideRows(given);
      const all = [...splits.train, ...splits.dev, ...splits.test];
      expect(all.length + repeated).toBe(given.length);
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      const shuffled = given
        .map((row) => ({ row, rank: order.next().value ?? 0 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ row }) => row);
      const texts = (split: readonly { input: { text: string } }[]) =>
        split
          .map(({ input }) =>
            input.text
              .normalize('NFKC')
              .toLowerCase()
              .replace(/[\p{P}\p{Z}\p{C}]/gu, ''),
          )
          .sort();
      const again = divideRows(shuffled).splits;
      for (const name of ['train', 'dev', 'test'] as const)
        expect(texts(again[name])).toEqual(texts(splits[name]));
    }),
  );
});

it('keeps few rows for test, and gives each split its share of more', () => {
  const of = (count: number) =>
    divideRows(Array.from({ length: count }, (_, index) => ({ input: { text: `row ${index}` } }))).splits;
  const sizes = (count: number) => [of(count).train.length, of(count).dev.length, of(count).test.length];
  expect(sizes(FEWEST_TO_DIVIDE - 1)).toEqual([0, 0, FEWEST_TO_DIVIDE - 1]);
  expect(sizes(FEWEST_TO_DIVIDE)).toEqual([4, 2, 4]);
  expect(sizes(30)).toEqual([12, 6, 12]);
});

it('keeps the first of rows that ask the same', () => {
  const rows = [
    { id: 1, input: { text: 'Where is it?' } },
    { id: 2, input: { text: 'where is it' } },
  ];
  expect(divideRows(rows)).toEqual({ splits: { train: [], dev: [], test: [rows[0]] }, repeated: 1 });
});
