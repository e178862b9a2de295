import type { MeasuredRow } from '../../src/optimization/measured-row.ts';

/** A row of which only the objective matters. */
export function rowOf(objective: number | null): MeasuredRow {
  return { objective, values: objective === null ? [] : [objective], output: '', feedback: [] };
}
