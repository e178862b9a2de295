import { interleave } from '../datasets/order.ts';
import { parseAnswer } from '../formats/codec.ts';
import { referenceAnswer } from '../formats/reference.ts';
import { dissect } from '../prompts/anatomy.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { fill, literal } from '../prompts/render.ts';
import { goodAnswers } from './good-answers.ts';
import { finalCalls } from './race.ts';
import { search } from './search.ts';
import { type PoolEntry, stratumOf } from './space.ts';
import type { Strategy, StrategyContext } from './strategy.ts';
import type { ReviewedRow } from './training-rows.ts';

/** Share of the calls for answers to training rows, once those of the finalists are kept back. */
export const answering = 0.25;
/** Rows answered at once. */
export const answersAtOnce = 8;
/** So many times the most demonstrations a prompt may hold are choice enough. */
const choice = 2;

/**
 * Bootstrapped demonstrations (Khattab et al. 2023, arXiv 2310.03714): the prompt as it is, or a teacher that is asked the same, answers
 * training rows, and its good answers become demonstrations in its own words, reasoning and all, beside those written from reference
 * answers. Sets of both race as in `search`.
 */
export const demonstrations: Strategy = async (context) => {
  const { entries, said } = await answersOf(context);
  const space = context.teacher.adopt(entries);
  if (space.pool.size === 0) return { picked: null, ended: said };
  const { picked, ended } = await search({ ...context, space });
  return { picked, ended: `${said}; ${ended}` };
};

/** Good answers as demonstrations, and what came of the asking, in words. */
async function answersOf(context: StrategyContext): Promise<{ entries: PoolEntry[]; said: string }> {
  const { prompt, contest, calls, exhausted, space, teacher } = context;
  if (prompt.output.format === 'label') {
    return {
      entries: [],
      said: 'a right label has no words but its own, so only reference answers were shown',
    };
  }
  const rows = askable(context);
  const share = Math.floor(answering * Math.max(0, calls - finalCalls(contest.rowCount)));
  const most = Math.min(rows.length, share);
  const enough = choice * Math.max(answersAtOnce, ...space.sizes);
  const answered: ReviewedRow[] = [];
  let entries: PoolEntry[] = [];
  for (let from = 0; from < most && entries.length < enough; from += answersAtOnce) {
    const batch = rows.slice(from, Math.min(from + answersAtOnce, most));
    if (exhausted(batch.length) !== null) break;
    const measured = await teacher.answer(batch);
    for (const [index, example] of batch.entries()) {
      const row = measured[index];
      if (row) answered.push({ example, row });
    }
    entries = ownWords(prompt, goodAnswers(answered));
  }
  const good = goodAnswers(answered).length;
  const own = entries.length === 0 ? 'none' : `${entries.length}`;
  const said = `${good} of ${answered.length} answers of ${teacher.name} to training rows were good, ${own} of them fit to be shown in other words than the reference's`;
  return { entries, said };
}

/** Training rows in a balanced, seeded order, without those the prompt shows already. */
function askable({ prompt, train, random, stratumOf: stratum }: StrategyContext) {
  const { demonstrations: shown, question } = dissect(prompt.messages, prompt.id);
  const written = new Set(shown.map((demonstration) => demonstration.question));
  const dice = random.fork('answers');
  const ranks = new Map(train.map(({ id }) => [id, dice.next()]));
  const rows = interleave(train, stratum, ({ id }) => String(ranks.get(id)));
  return rows.filter(({ input }) => !written.has(fill(question, input)));
}

/**
 * Answers as demonstrations: only those strictly in the output format, since a model copies what it is shown, that say it differently
 * from the reference answer, each once.
 */
function ownWords(prompt: Prompt, good: readonly ReviewedRow[]): PoolEntry[] {
  const { question: template } = dissect(prompt.messages, prompt.id);
  const seen = new Set<string>();
  return good.flatMap(({ example, row }): PoolEntry[] => {
    const question = fill(template, example.input);
    const answer = row.output.trim();
    const key = JSON.stringify([question, answer]);
    const isNew = answer !== referenceAnswer(prompt.output, example.expected)?.trim() && !seen.has(key);
    const isInFormat = parseAnswer(prompt.output, answer, example.input).problems.length === 0;
    if (answer === '' || !isNew || !isInFormat || !literal(question) || !literal(answer)) return [];
    seen.add(key);
    const stratum = stratumOf(prompt.output, example.expected);
    return [{ id: `answered-${example.id}`, example: example.id, stratum, question, answer }];
  });
}
