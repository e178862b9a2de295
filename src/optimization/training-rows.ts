import type { Example } from '../datasets/dataset.ts';
import type { Contest } from './contest.ts';
import type { MeasuredRow } from './measured-row.ts';
import type { Choices } from './proposal.ts';
import type { StrategyContext } from './strategy.ts';

/** A row and what a candidate made of it. */
export type ReviewedRow = { readonly example: Example; readonly row: MeasuredRow };

/** A proposal is made from so many mistakes, when they are found in time. */
const enoughMistakes = 3;
/** Rows looked at for them, at most; the proposal is tried on the same ones. */
export const mostRows = 9;
/** Fresh rows that a champion is looked at on for one proposal, and rows that the proposal is tried on, at most. */
export const [mostFreshRows, mostTriedRows] = [12, 6];
/** Rows that one question shows: wrong ones, and right ones, which say what must stay. */
export const [mostWrong, mostRight] = [8, 12];
export const mostShownRows = mostWrong + mostRight;
/** Rows measured at once. */
const step = 3;

/** The next few training rows, in a shuffled order that repeats. */
export type NextRows = (count: number) => Example[];

export function trainingRows({ train, random }: Pick<StrategyContext, 'train' | 'random'>): NextRows {
  let epoch = 0;
  let waiting: Example[] = [];
  return (count) => {
    while (waiting.length < Math.min(count, train.length)) {
      const seen = new Set(waiting);
      const shuffled = random.fork(`epoch ${epoch++}`).shuffle(train);
      waiting = [...waiting, ...shuffled.filter((example) => !seen.has(example))];
    }
    return waiting.splice(0, count);
  };
}

/**
 * Measures a candidate on training rows until it made three mistakes: a bad prompt makes them on the first rows, a good one needs
 * more. Worst first; a row that the model or a metric failed on teaches nothing about the instruction and is left out.
 *
 * @param available how many different rows `next` has
 */
export async function reviewRows(
  contest: Contest,
  choices: Choices,
  next: NextRows,
  available: number,
): Promise<ReviewedRow[]> {
  const seen = new Set<Example>();
  const reviewed: ReviewedRow[] = [];
  while (seen.size < Math.min(mostRows, available) && mistakes(reviewed).length < enoughMistakes) {
    const fresh = next(step).filter((example) => !seen.has(example));
    const measured = await contest.probe(choices, fresh);
    for (const [index, example] of fresh.entries()) {
      const row = measured[index];
      seen.add(example);
      if (row && row.objective !== null) reviewed.push({ example, row });
    }
  }
  return reviewed.sort((a, b) => (a.row.objective ?? 0) - (b.row.objective ?? 0));
}

/** Those that are not fully right. */
export function mistakes(rows: readonly ReviewedRow[]): ReviewedRow[] {
  return rows.filter(({ row }) => row.objective !== null && row.objective < 1);
}

/** Tries a proposal on the rows it was made from: sums of the objective over those that could be measured both times. */
export async function tryOut(contest: Contest, choices: Choices, rows: readonly ReviewedRow[]) {
  const after = await contest.probe(
    choices,
    rows.map(({ example }) => example),
  );
  const pairs = rows.flatMap(({ row: { objective: was } }, index) => {
    const is = after[index]?.objective ?? null;
    return was === null || is === null ? [] : [{ was, is }];
  });
  const was = pairs.reduce((sum, pair) => sum + pair.was, 0);
  const is = pairs.reduce((sum, pair) => sum + pair.is, 0);
  return {
    isBetter: is > was,
    words: describeTrial(was, is, pairs.length),
  };
}

/** What a change did to the sum of the objective over training rows, of their number: `2.00 to 3.00 of 5 on training rows`. */
export function describeTrial(was: number, is: number, rows: number): string {
  return `${was.toFixed(2)} to ${is.toFixed(2)} of ${rows} on training rows`;
}
