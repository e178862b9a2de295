import type { Example } from '../datasets/dataset.ts';
import type { MeasuredRow } from './measured-row.ts';
import type { StrategyContext } from './strategy.ts';

/** Training rows a proposal is made from and tried on. */
export const batchSize = 6;

/** A row and what a candidate made of it. */
export type ReviewedRow = { readonly example: Example; readonly row: MeasuredRow };

/** The training rows in a shuffled order that repeats, a few at each call. */
export function batchesOf({ train, random }: Pick<StrategyContext, 'train' | 'random'>): () => Example[] {
  let epoch = 0;
  let waiting: Example[] = [];
  return () => {
    while (waiting.length < Math.min(batchSize, train.length)) {
      const seen = new Set(waiting);
      const shuffled = random.fork(`epoch ${epoch++}`).shuffle(train);
      waiting = [...waiting, ...shuffled.filter((example) => !seen.has(example))];
    }
    return waiting.splice(0, batchSize);
  };
}

/** The rows that could be measured, worst first: one that the model or a metric failed on teaches nothing about the instruction. */
export function reviewed(batch: readonly Example[], rows: readonly MeasuredRow[]): ReviewedRow[] {
  const all = rows.flatMap((row, index) => {
    const example = batch[index];
    return example && row.objective !== null ? [{ example, row }] : [];
  });
  return all.sort((a, b) => (a.row.objective ?? 0) - (b.row.objective ?? 0));
}

/** Sums of the objective before and after a change, over the rows that could be measured both times. */
export function gain(before: readonly MeasuredRow[], after: readonly MeasuredRow[]) {
  const pairs = before.flatMap(({ objective: was }, index) => {
    const is = after[index]?.objective ?? null;
    return was === null || is === null ? [] : [{ was, is }];
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    was: sum(pairs.map((pair) => pair.was)),
    is: sum(pairs.map((pair) => pair.is)),
    rows: pairs.length,
  };
}
