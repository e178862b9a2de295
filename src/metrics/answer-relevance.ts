import { z } from 'zod';
import { EMPTY_ANSWER, quoted } from '../formats/wording.ts';
import { words } from '../language/words.ts';
import { abstentionOption, readAbstention } from './abstention.ts';
import { answerText, textField } from './answer-text.ts';
import { answerTypeOf, holdsType } from './answer-type.ts';
import type { MetricDefinition } from './definition.ts';
import { byOption, scoreByJudge } from './judged-checklist.ts';
import type { Score } from './metric.ts';
import { shareOf } from './ragas.ts';
import { sourceText } from './source-text.ts';
import { stemsOf } from './terms.ts';

const options = z.strictObject({
  question: z.string().min(1).default('question').describe('The input field with the question.'),
  field: textField,
  by: byOption,
  abstention: abstentionOption,
});

type Options = z.output<typeof options>;

const TASK =
  'List each thing that the question asks for, most often one. It holds when the answer addresses it directly, whether rightly or wrongly; a noncommittal answer addresses nothing.';

/** Fewer words are a phrase, which leaves out what the question has said. */
const SHORTEST_SENTENCE = 6;

const NONCOMMITTAL =
  /(?<!\p{L})(?:i (?:do not|don['’]t) know|i am not sure|i['’]m not sure|(?:cannot|can['’]t|could not) (?:be )?(?:answer|determine|say|tell)(?:ed|d)?|(?:not|isn['’]t|never) (?:mentioned|stated|specified|provided)|no (?:information|mention))(?!\p{L})/iu;
/** Questions whose answer may be made of their own words. */
const OFFERS_ITS_ANSWER =
  /(?<!\p{L})(?:or|between|which|both)(?!\p{L})|^\W*(?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)(?!\p{L})/iu;

export const answerRelevance: MetricDefinition<Options> = {
  use: 'answer_relevance',
  description:
    "How far the answer addresses the question, in [0, 1], higher is better; whether it is right does not count. By words: 0 for an empty or noncommittal answer, one that only repeats the question, or one without what it asks for (a number for how many, a time for when, a name for who or where); else, where the answer has six words or more, the share of the question's content words (by stem) that it takes up, averaged with 1 where what is asked for is there; 1 for a shorter one that has it; no value for any other phrase, whose relevance words cannot show, or an abstention.",
  options,
  create: (name, { question, field, by, abstention }, tools) => ({
    name,
    description: answerRelevance.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => {
      const asked = sourceText(input.example, question);
      const text = answerText(input, field);
      if (text === '') return { value: 0, feedback: EMPTY_ANSWER };
      const answer = readAbstention(text, abstention);
      if (answer === '') return { value: null, feedback: '' };
      if (by === 'words') return scoreByWords(answer, asked);
      const sections = [
        { title: 'question', text: asked },
        { title: 'answer', text: answer },
      ];
      return scoreByJudge(tools.judge, { task: TASK, sections, complaint: 'the answer does not address' });
    },
  }),
};

function scoreByWords(answer: string, question: string): Score {
  const problem = problemOf(answer, question);
  if (problem !== null) return { value: 0, feedback: `${problem}: ${quoted(answer)}` };
  const topic = topicShare(answer, question);
  const hasType = answerTypeOf(question) !== null;
  if (topic === null) return { value: hasType ? 1 : null, feedback: '' };
  const value = hasType ? (1 + topic) / 2 : topic;
  return { value, feedback: value === 1 ? '' : 'the answer takes up only part of the words of the question' };
}

/** Why an answer is none to the question; null where nothing speaks against it. */
function problemOf(answer: string, question: string): string | null {
  if (NONCOMMITTAL.test(answer)) return 'the answer does not commit itself';
  if (repeats(answer, question)) return 'the answer only repeats the question';
  const type = answerTypeOf(question);
  return type === null || holdsType(type, answer) ? null : `the question asks for a ${type}`;
}

function repeats(answer: string, question: string): boolean {
  const asked = stemsOf(question);
  const stems = [...stemsOf(answer)];
  return stems.length > 0 && stems.every((stem) => asked.has(stem)) && !OFFERS_ITS_ANSWER.test(question);
}

/** The share of the question's content stems that the answer takes up; null for a phrase, or a question without any. */
function topicShare(answer: string, question: string): number | null {
  if (words(answer).length < SHORTEST_SENTENCE) return null;
  const stems = stemsOf(answer);
  return shareOf([...stemsOf(question)].map((stem) => stems.has(stem)));
}
