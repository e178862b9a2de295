import type { ReviewedRow } from './training-rows.ts';

/** Sums of weights come out a little below 1. */
const rounding = 1e-9;

/**
 * The answers that may be shown as an example to follow: those with full marks, and where metrics are graded the best quarter, as far as
 * it is above the median. A metric that gave nothing but 0 and 1 is right or wrong, and a good answer is right by it.
 */
export function goodAnswers(rows: readonly ReviewedRow[]): ReviewedRow[] {
  const isRightOrWrong = (metric: number) =>
    rows.every(({ row: { values } }) => [0, 1, Number.NaN].some((value) => Object.is(value, values[metric])));
  const isRight = ({ row: { values } }: ReviewedRow) =>
    values.every((value, metric) => Number.isNaN(value) || value === 1 || !isRightOrWrong(metric));
  const objectives = rows
    .flatMap(({ row: { objective } }) => (objective === null ? [] : [objective]))
    .sort((a, b) => a - b);
  const median = objectives[Math.floor(objectives.length / 2)] ?? 1;
  const quarter = objectives[Math.ceil(0.75 * objectives.length)] ?? 1;
  return rows.filter((reviewed) => {
    const { objective } = reviewed.row;
    if (objective === null) return false;
    if (objective >= 1 - rounding) return true;
    return objective >= quarter && objective > median + rounding && isRight(reviewed);
  });
}
