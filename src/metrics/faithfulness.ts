import { z } from 'zod';
import { EMPTY_ANSWER, quoted } from '../formats/wording.ts';
import { abstentionOption, readAbstention } from './abstention.ts';
import { answerText, textField } from './answer-text.ts';
import { claimsOf, supportOf } from './claim-support.ts';
import type { MetricDefinition } from './definition.ts';
import { evidenceText, sourceOption } from './evidence.ts';
import { enumerate } from './feedback.ts';
import { byOption, scoreByJudge } from './judged-checklist.ts';
import type { Score } from './metric.ts';
import { shareOf } from './ragas.ts';
import { stemsOf } from './terms.ts';

const options = z.strictObject({
  source: sourceOption.default('context'),
  field: textField,
  by: byOption,
  abstention: abstentionOption,
});

type Options = z.output<typeof options>;

const TASK =
  'List every claim that the answer makes, each as one short sentence that can be understood on its own. A claim holds when the source states it or it follows from the source alone; what is merely true in the world does not hold.';
const COMPLAINT = 'the source does not support';
const MISSING_SHOWN = 5;

export const faithfulness: MetricDefinition<Options> = {
  use: 'faithfulness',
  description:
    "The share of the answer's claims that the source supports, as in RAGAS; in [0, 1], higher is better. By words, a claim is a sentence, supported when all its names and numbers and at least 60% of its content words (by stem) occur in the source: this cannot see a denial or a wrong relation. An empty answer scores 0; no value for an answer that claims nothing (yes, no, an abstention).",
  options,
  create: (name, { source, field, by, abstention }, tools) => ({
    name,
    description: faithfulness.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => {
      const evidence = evidenceText(input.example, source);
      const text = answerText(input, field);
      if (text === '') return { value: 0, feedback: EMPTY_ANSWER };
      const answer = readAbstention(text, abstention);
      if (answer === '') return { value: null, feedback: '' };
      if (by === 'words') return scoreByWords(answer, evidence);
      const sections = [
        { title: 'source', text: evidence },
        { title: 'answer', text: answer },
      ];
      return scoreByJudge(tools.judge, { task: TASK, sections, complaint: COMPLAINT });
    },
  }),
};

function scoreByWords(answer: string, source: string): Score {
  const known = stemsOf(source);
  const claims = claimsOf(answer).map((claim) => ({ claim, ...supportOf(claim, known) }));
  const unsupported = claims.filter(({ supported }) => !supported);
  return {
    value: shareOf(claims.map(({ supported }) => supported)),
    feedback: enumerate(COMPLAINT, unsupported, ({ claim, missing }) => {
      return `${quoted(claim)} (it lacks ${missing.slice(0, MISSING_SHOWN).map(quoted).join(', ')})`;
    }),
  };
}
