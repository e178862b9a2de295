import { inputError } from '../errors.ts';
import type { Section } from '../formats/fence.ts';
import { verdictFormat } from '../formats/verdict.ts';
import type { JudgeOptions } from './judge-options.ts';
import type { JudgeQuestion } from './judge-question.ts';
import { textOf } from './reference.ts';

/** An answer to judge and what belongs to it. */
export type JudgedAnswer = {
  /** Names it in errors. */
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly output: string;
};

/**
 * What the judge is asked about an answer: one question, or two that differ in the order of answer and reference
 * where the rubric compares them. Throws an input error that names the example where a field is missing.
 */
export function judgeQuestions(
  rubric: string,
  { choices, inputs, reference, compare }: JudgeOptions,
  judged: JudgedAnswer,
): JudgeQuestion[] {
  const shown = inputs ?? Object.keys(judged.input);
  const material = shown.map((field) => section(judged, 'input', field, `input ${field}`));
  const answerFormat = verdictFormat(Object.keys(choices));
  const ask = (sections: readonly Section[]): JudgeQuestion => ({
    task: `You judge an answer by this rubric:\n\n${rubric.trim()}`,
    sections: [...material, ...sections],
    answerFormat,
  });
  const answer = { title: 'answer', text: judged.output };
  if (reference === undefined) return [ask([answer])];
  const wanted = section(judged, 'expected', reference, 'reference');
  return compare ? [ask([wanted, answer]), ask([answer, wanted])] : [ask([wanted, answer])];
}

function section(
  { id, ...judged }: JudgedAnswer,
  where: 'input' | 'expected',
  field: string,
  title: string,
): Section {
  const value = judged[where][field];
  if (value !== undefined) return { title, text: textOf(value) ?? JSON.stringify(value, null, 1) };
  const option = where === 'input' ? 'inputs' : 'reference';
  throw inputError(
    `${id}: there is no ${where}.${field} to show the judge`,
    `Correct the example, or the metric's option "${option}"`,
  );
}
