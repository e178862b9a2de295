import { placeholders } from '../prompts/render.ts';
import type { Random } from '../statistics/random.ts';

/** How many edited wordings are offered to a search; more dilute the budget. */
const most = 4;

/**
 * Wordings made from an instruction by edits of its sentences: one left out, or two swapped, as in GrIPS (Prasad et al.
 * 2023). Each keeps every placeholder. An instruction of one sentence has no edits.
 */
export function instructionEdits(instruction: string, random: Random): string[] {
  const sentences = splitSentences(instruction);
  if (sentences.length < 2) return [];
  const shortened = sentences.map((_, index) => sentences.toSpliced(index, 1).join(''));
  const swapped = sentences.slice(1).map((_, index) => swap(sentences, index).join(''));
  const needed = placeholders(instruction);
  const edits = [...shortened, ...swapped]
    .map((text) => text.trim())
    .filter((text) => needed.every((name) => placeholders(text).includes(name)));
  return random.sample(edits, most);
}

/** Sentences with the white space that follows them, so that joining gives the text back; `3.5` and `file.txt` stay whole. */
export function splitSentences(text: string): string[] {
  return text.split(/(?<=[.!?]\s+|\n\s*)(?=\S)/);
}

/** Two neighbours change places; the white space between and after them stays where it is. */
function swap(sentences: readonly string[], index: number): string[] {
  const [first = '', second = ''] = sentences.slice(index, index + 2);
  const [gap, end] = [first, second].map((sentence) => sentence.slice(sentence.trimEnd().length));
  return sentences.toSpliced(index, 2, `${second.trimEnd()}${gap}`, `${first.trimEnd()}${end}`);
}
