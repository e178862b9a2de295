import type { Model } from '../model.ts';
import { type Answer, byMeaning, clearest } from './answer.ts';
import { askEach } from './ask.ts';
import { answered, atOnce } from './spending.ts';

/**
 * Asks each model `samples` times at once and answers as most of them do: X. Wang et al., "Self-Consistency Improves Chain of
 * Thought Reasoning in Language Models", ICLR 2023, for one model; the same rule for several.
 */
export function vote(models: readonly Model[], samples: number): Model['complete'] {
  return async (request, signal) => {
    const asked = await askEach(models, samples, request, signal);
    const winner = majority(asked.map(({ answer }) => answer));
    return answered(winner.completion, atOnce(asked.map(({ step }) => step)));
  };
}

/**
 * What most answers say, in the clearest of them. Answers that cannot be read have no vote unless none can; of meanings with as
 * many votes the one that was said first wins. There must be an answer.
 */
export function majority(answers: readonly Answer[]): Answer {
  // A stable sort: groups stand in the order of their first answers.
  const [most = []] = byMeaning(answers).sort((a, b) => b.length - a.length);
  const winner = clearest(most);
  if (!winner) throw new RangeError('a vote needs an answer');
  return winner;
}
