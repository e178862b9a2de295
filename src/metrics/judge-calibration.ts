import pMap from 'p-map';
import { z } from 'zod';
import { inputError, type Location } from '../errors.ts';
import { validate } from '../files/validate.ts';
import { addUsage, noUsage } from '../models/usage.ts';
import { type LabelledPair, weightedKappa } from './agreement.ts';
import type { JudgedAnswer } from './judge-prompt.ts';
import type { Judgement } from './judge-scoring.ts';
import type { Calibration } from './metric.ts';

type Choices = Readonly<Record<string, number>>;

/** An answer that people labelled. */
export type LabelledRow = { readonly judged: JudgedAnswer; readonly label: string };

/**
 * The rows of a JSON Lines text of `{input, output, expected?, label}`; `file` names it in errors. Throws an input
 * error with the line of a row that is not one, or for an empty file.
 */
export function readLabelledRows(file: string, text: string, labels: readonly string[]): LabelledRow[] {
  const schema = z.strictObject({
    input: z.record(z.string(), z.unknown()),
    output: z.string(),
    expected: z.record(z.string(), z.unknown()).default({}),
    label: z.enum(labels),
  });
  const rows = text.split('\n').flatMap((row, index) => {
    if (row.trim() === '') return [];
    const place = { file, line: index + 1 };
    const at = () => place;
    const { label, ...judged } = validate(schema, parseRow(row, place), { value: at, key: at });
    return [{ judged: { id: `${file}:${place.line}`, ...judged }, label }];
  });
  if (rows.length > 0) return rows;
  throw inputError('the file has no rows', 'Write one labelled answer on each line', { file, line: 1 });
}

/**
 * How well a judge agrees with people: each row is judged as an example is. A mean over repeats or orders counts as
 * the choice whose score is nearest, the lower of two; labels with one score count as the same.
 * @param judge judges one answer; rejects for what ends the run
 */
export async function calibrateJudge(
  rows: readonly LabelledRow[],
  choices: Choices,
  judge: (judged: JudgedAnswer) => Promise<Judgement>,
  concurrency: number,
): Promise<Calibration> {
  const judgements = await pMap(rows, ({ judged }) => judge(judged), { concurrency });
  const pairs = rows.flatMap(({ label }, at): LabelledPair[] => {
    const value = judgements[at]?.value;
    return typeof value !== 'number'
      ? []
      : [{ people: choices[label] ?? 0, judge: nearestScore(value, choices) }];
  });
  return {
    agreement: pairs.filter(({ people, judge: given }) => people === given).length / rows.length,
    kappa: weightedKappa(pairs),
    n: rows.length,
    unread: rows.length - pairs.length,
    usage: judgements.map(({ usage }) => usage).reduce(addUsage, noUsage),
  };
}

function nearestScore(value: number, choices: Choices): number {
  const scores = Object.values(choices).sort((a, b) => a - b);
  return scores.reduce((best, score) => (Math.abs(score - value) < Math.abs(best - value) ? score : best));
}

function parseRow(row: string, place: Location): unknown {
  try {
    return JSON.parse(row);
  } catch {
    throw inputError(
      'the line is not JSON',
      'Each line is one labelled answer: {"input": {...}, "output": "...", "label": "..."}',
      place,
    );
  }
}
