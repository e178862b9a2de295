import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { EMPTY_ANSWER, quoted } from '../formats/wording.ts';
import { abstentionOption, readAbstention } from './abstention.ts';
import { answerText, textField } from './answer-text.ts';
import { supportOf } from './claim-support.ts';
import type { MetricDefinition, MetricTools } from './definition.ts';
import { enumerate } from './feedback.ts';
import { byOption, scoreByJudge } from './judged-checklist.ts';
import type { Score } from './metric.ts';
import { occursIn } from './names.ts';
import { shareOf } from './ragas.ts';
import { expectedAlternatives } from './reference.ts';
import { stemsOf, termsOf } from './terms.ts';

const options = z.strictObject({
  facts: z
    .string()
    .min(1)
    .default('facts')
    .describe('The field of `expected` with what an answer must say: a list of short sentences.'),
  reference: z
    .string()
    .min(1)
    .default('answer')
    .describe('The field of `expected` with the reference answer, or a list of them; used without facts.'),
  field: textField,
  by: byOption,
  abstention: abstentionOption,
});

type Options = z.output<typeof options>;

const FACTS_TASK =
  'Take the facts line by line, in their order, one item for each. A fact holds when the answer states it, in whatever words.';
const REFERENCE_TASK =
  'List every fact that the reference states, each as one short sentence that can be understood on its own. Where there are several references they are alternatives: take the one the answer comes nearest to. A fact holds when the answer states it, in whatever words.';
const COMPLAINT = 'not in the answer';

export const completeness: MetricDefinition<Options> = {
  use: 'completeness',
  description:
    'The share of the expected facts, or without them of the content words (by stem) of the nearest reference answer, that the answer holds; in [0, 1], higher is better. By words, a fact is there when all its names and numbers and at least 60% of its content words are. An empty answer scores 0; no value where nothing is expected.',
  options,
  create: (name, chosen, tools) => ({
    name,
    description: completeness.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => {
      const facts = factsOf(input.example, chosen);
      const references = facts ? [] : referencesOf(input.example, chosen);
      if (facts?.length === 0 || (!facts && references.length === 0)) return { value: null, feedback: '' };
      const answer = answerText(input, chosen.field);
      if (answer === '') return { value: 0, feedback: EMPTY_ANSWER };
      if (chosen.by === 'judge') return byJudge(answer, facts, references, tools);
      return facts ? shareOfFacts(answer, facts) : shareOfReference(answer, references);
    },
  }),
};

/** The facts an answer must state, one line each; null where the example lists none. */
function factsOf(example: Example, { facts }: Options): readonly string[] | null {
  if (example.expected[facts] === undefined) return null;
  return expectedAlternatives(example, facts)
    .map((fact) => fact.replace(/\s+/gu, ' ').trim())
    .filter((fact) => fact !== '');
}

/** The reference answers that say something. */
function referencesOf(example: Example, { reference, abstention }: Options): readonly string[] {
  return expectedAlternatives(example, reference)
    .map((text) => readAbstention(text.trim(), abstention))
    .filter((text) => text !== '');
}

function shareOfFacts(answer: string, facts: readonly string[]): Score {
  const stems = stemsOf(answer);
  const isThere = (fact: string) =>
    termsOf(fact).length > 0 ? supportOf(fact, stems).supported : occursIn(fact, answer);
  const missing = facts.filter((fact) => !isThere(fact));
  return { value: shareOf(facts.map(isThere)), feedback: enumerate(COMPLAINT, missing, quoted) };
}

function shareOfReference(answer: string, references: readonly string[]): Score {
  const stems = stemsOf(answer);
  const shares = references.flatMap((reference) => {
    const terms = [...new Map(termsOf(reference).map((term) => [term.stem, term])).values()];
    const value = shareOf(terms.map(({ stem }) => stems.has(stem)));
    const missing = terms.filter(({ stem }) => !stems.has(stem)).map(({ word }) => word);
    return value === null ? [] : [{ value, feedback: enumerate(COMPLAINT, missing, quoted) }];
  });
  return shares.sort((a, b) => b.value - a.value)[0] ?? { value: null, feedback: '' };
}

function byJudge(
  answer: string,
  facts: readonly string[] | null,
  references: readonly string[],
  { judge }: MetricTools,
): Promise<Score> {
  const given = { title: 'answer', text: answer };
  if (facts) {
    const sections = [{ title: 'facts', text: facts.join('\n') }, given];
    return scoreByJudge(judge, { task: FACTS_TASK, sections, length: facts.length, complaint: COMPLAINT });
  }
  const wanted = references.map((text, at) => ({ title: `reference ${at + 1}`, text }));
  return scoreByJudge(judge, { task: REFERENCE_TASK, sections: [...wanted, given], complaint: COMPLAINT });
}
