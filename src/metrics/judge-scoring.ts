import pMap from 'p-map';
import { readVerdict, type Verdict } from '../formats/verdict.ts';
import { quoted, shortened } from '../formats/wording.ts';
import type { Completion, Model } from '../models/model.ts';
import { addCompletion, noUsage, type Usage } from '../models/usage.ts';
import type { JudgeOptions } from './judge-options.ts';
import { type JudgedAnswer, judgeQuestions } from './judge-prompt.ts';
import { askJudge } from './judge-question.ts';

type Choices = JudgeOptions['choices'];

type Outcome =
  /** The value is in [0, 1]; feedback as in a score. */
  | { readonly value: number; readonly feedback: string }
  /** A question got no readable verdict; `unread` is where one should have been. */
  | { readonly value: null; readonly unread: string };

/** What a judge made of one answer, and what asking it took. */
export type Judgement = Outcome & { readonly usage: Usage };

const REASON_SHOWN = 300;
/** Means of the same scores may differ by as much. */
const ROUNDING = 1e-9;

/**
 * Asks each question about an answer `repeats` times; the value is the mean over the questions of the mean over their
 * readable verdicts. Rejects with a ModelError, or an input error for an example that lacks what the judge is shown.
 */
export async function judgeAnswer(
  model: Model,
  rubric: string,
  options: JudgeOptions,
  judged: JudgedAnswer,
  signal?: AbortSignal,
): Promise<Judgement> {
  const questions = judgeQuestions(rubric, options, judged);
  const repeats = Array.from({ length: options.repeats }, (_, repeat) => repeat);
  const asks = questions.flatMap((question) => repeats.map((repeat) => ({ question, repeat })));
  const completions = await pMap(
    asks,
    ({ question, repeat }) => askJudge(model, question, { repeat, signal }),
    { concurrency: model.concurrency },
  );
  const byQuestion = questions.map((_, at) =>
    completions.slice(at * repeats.length, (at + 1) * repeats.length),
  );
  return {
    ...outcomeOf(byQuestion, options.choices),
    usage: completions.reduce(addCompletion, noUsage),
  };
}

/** What the answers to each question amount to. */
function outcomeOf(byQuestion: readonly (readonly Completion[])[], choices: Choices): Outcome {
  const labels = Object.keys(choices);
  const verdicts = byQuestion.map((answers) =>
    answers.map(({ text }) => readVerdict(text, labels)).filter((verdict) => verdict !== null),
  );
  const silent = byQuestion[verdicts.findIndex((readable) => readable.length === 0)];
  if (silent) return { value: null, unread: lastLine(silent[0]?.text ?? '') };
  const scoreOf = ({ label }: Verdict) => choices[label] ?? 0;
  const means = verdicts.map((readable) => meanOf(readable.map(scoreOf)));
  const value = meanOf(means);
  const best = Math.max(...Object.values(choices));
  if (verdicts.flat().every((verdict) => scoreOf(verdict) === best)) return { value, feedback: '' };
  const worst = verdicts.flat().reduce((a, b) => (scoreOf(b) < scoreOf(a) ? b : a));
  const asked = byQuestion.flat().length;
  const unread = asked - verdicts.flat().length;
  const parts = [
    `judged ${quoted(worst.label)}: ${shortened(worst.reason, REASON_SHOWN)}`,
    Math.max(...means) - Math.min(...means) > ROUNDING ? describeOrders(verdicts) : '',
    unread > 0 ? `${unread} of ${asked} verdicts could not be read` : '',
  ];
  return { value, feedback: parts.filter((part) => part !== '').join('; ') };
}

function describeOrders([referenceFirst = [], answerFirst = []]: readonly (readonly Verdict[])[]): string {
  const labels = (verdicts: readonly Verdict[]) =>
    [...new Set(verdicts.map(({ label }) => label))].map(quoted).join(' and ');
  return `the verdict depends on the order: ${labels(referenceFirst)} with the reference first, ${labels(answerFirst)} with the answer first`;
}

/** Of one value at least. */
function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
