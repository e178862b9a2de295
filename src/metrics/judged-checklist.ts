import { z } from 'zod';
import type { Section } from '../formats/fence.ts';
import { quoted } from '../formats/wording.ts';
import type { Model } from '../models/model.ts';
import { addCompletion, noUsage } from '../models/usage.ts';
import { enumerate } from './feedback.ts';
import { askJudge, unreadable } from './judge-question.ts';
import type { Score } from './metric.ts';
import { shareOf } from './ragas.ts';

/** The option of metrics that can be measured by words or by a judge. */
export const byOption = z
  .enum(['words', 'judge'])
  .default('words')
  .describe(
    '`words` compares words: at once, free and always the same. `judge` asks the judge model of the configuration, once for each answer.',
  );

/** What a judge is to list and to say of each item. */
export type ChecklistQuestion = {
  /** What an item is, and when it holds. */
  readonly task: string;
  readonly sections: readonly Section[];
  /** How many items there must be, where that is known. */
  readonly length?: number;
  /** Begins the feedback on items that do not hold. */
  readonly complaint: string;
};

/** One claim, part or fact, and what the judge found of it. */
export type CheckedItem = { readonly item: string; readonly holds: boolean };

const reply = z.strictObject({
  items: z.array(z.strictObject({ item: z.string(), holds: z.boolean() })),
});

const ANSWER_FORMAT =
  'Answer with one JSON object and nothing else: {"items": [{"item": "...", "holds": true}, {"item": "...", "holds": false}]}';

/**
 * The share of items that hold, which a judge lists and checks in one request; no value where it finds no item.
 * @throws {PromptlineError} where its answer is anything but such a list: that never becomes a score
 */
export async function scoreByJudge(
  judge: () => Promise<Model>,
  { task, sections, length, complaint }: ChecklistQuestion,
): Promise<Score> {
  const question = { task, sections, answerFormat: ANSWER_FORMAT };
  const completion = await askJudge(await judge(), question, { repeat: 0 });
  const items = readChecklist(completion.text);
  if (items === null || (length !== undefined && items.length !== length)) throw unreadable(completion.text);
  const failed = items.filter(({ holds }) => !holds);
  return {
    value: shareOf(items.map(({ holds }) => holds)),
    feedback: enumerate(complaint, failed, ({ item }) => quoted(item)),
    usage: addCompletion(noUsage, completion),
  };
}

/** The items of a judge's answer: the JSON object alone, in a code fence at most; null for anything else. */
export function readChecklist(text: string): CheckedItem[] | null {
  const bare = text.trim().replace(/^```(?:json)?\r?\n([\s\S]*)\n```$/u, '$1');
  try {
    return reply.parse(JSON.parse(bare)).items;
  } catch {
    return null;
  }
}
