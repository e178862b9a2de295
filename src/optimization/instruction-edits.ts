import type { Random } from '../statistics/random.ts';

/** How many edited wordings are offered to a search; more dilute the budget. */
const most = 4;

/**
 * Wordings made from an instruction by edits of its sentences: one left out, or two swapped, as in GrIPS (Prasad et al.
 * 2023). Sentences with a placeholder are never left out. An instruction of one sentence has no edits.
 */
export function instructionEdits(instruction: string, random: Random): string[] {
  const sentences = splitSentences(instruction);
  if (sentences.length < 2) return [];
  const shortened = sentences.flatMap((sentence, index) =>
    sentence.includes('{{') ? [] : [sentences.toSpliced(index, 1).join('')],
  );
  const swapped = sentences.slice(1).map((_, index) => swap(sentences, index).join(''));
  return random.sample(
    [...shortened, ...swapped].map((text) => text.trim()),
    Math.min(most, shortened.length + swapped.length),
  );
}

/** Sentences with the white space that follows them, so that joining gives the text back. */
function splitSentences(text: string): string[] {
  return text.match(/[^.!?\n]+[.!?]*(?:\s+|$)|[.!?\n]\s*/g) ?? [text];
}

function swap(sentences: readonly string[], index: number): string[] {
  const [first, second] = [sentences[index] ?? '', sentences[index + 1] ?? ''];
  const spaced = second.endsWith(' ') || second.endsWith('\n') ? second : `${second} `;
  return sentences.toSpliced(index, 2, spaced, first);
}
