import { placeholders } from '../prompts/render.ts';
import type { Challenger } from './climb.ts';
import type { Contest } from './contest.ts';
import { splitSentences } from './instruction-edits.ts';

/**
 * The champion's instruction without one of its sentences, each tried once for each champion: null when all were. A proposer adds
 * more than it takes away, and what helps nothing distracts a model and is paid for with every call.
 */
export function shortenings(contest: Contest): (champion: number) => Challenger | null {
  const tried = new Map<number, number>();
  return (champion) => {
    const choices = contest.choices(champion);
    const sentences = splitSentences(choices.instruction);
    if (sentences.length < 2) return null;
    const needed = placeholders(choices.instruction);
    for (let index = tried.get(champion) ?? 0; index < sentences.length; index++) {
      tried.set(champion, index + 1);
      const instruction = sentences.toSpliced(index, 1).join('').trim();
      if (!needed.every((name) => placeholders(instruction).includes(name))) continue;
      const why = `${champion} without its sentence ${index + 1}`;
      const id = contest.enter({ choices: { ...choices, instruction }, parent: champion, why });
      if (id !== null) return { id, trial: null };
    }
    return null;
  };
}
