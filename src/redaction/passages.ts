/** A part of a text and where it begins, in UTF-16 units. */
export type Passage = { readonly start: number; readonly text: string };

/** UTF-16 units. */
const LONGEST_PASSAGE = 2_000;

/**
 * A text in passages that together are all of it, for what takes ever longer in a longer text. They end where a sentence does, else
 * between words, else where they are too long.
 */
export function* passagesOf(text: string): Generator<Passage> {
  for (let start = 0; start < text.length; ) {
    const part = text.slice(start, start + LONGEST_PASSAGE);
    const isLast = start + part.length === text.length;
    const length = isLast ? part.length : endWithin(part);
    yield { start, text: part.slice(0, length) };
    start += length;
  }
}

function endWithin(part: string): number {
  const sentences = /^[\s\S]*(?:[.!?]\s|\n)/u.exec(part)?.[0].length;
  return sentences ?? /^[\s\S]*\s/u.exec(part)?.[0].length ?? part.length;
}
