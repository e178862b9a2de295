import { isStopWord } from './stop-words.ts';
import { words } from './words.ts';

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Abbreviations that more of the sentence always follows. */
const INNER_ABBREVIATION =
  /(?<![\p{L}\p{N}])(?:mr|mrs|ms|dr|prof|gen|col|capt|lt|sgt|rev|hon|gov|sen|rep|pres|vs|cf|e\.g|i\.e|figs?|eqs?|nos|vol|pp|approx)\.$/iu;
/** Abbreviations, and initials as in `J.` and `U.S.`, that may end a sentence. */
const OTHER_ABBREVIATION =
  /(?<![\p{L}\p{N}])(?:al|st|jr|sr|ch|sec|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|(?:\p{Lu}\.)*\p{Lu})\.$/u;
/** Longer than any abbreviation: all that is looked at of a segment. */
const REACH = 40;

/**
 * The sentences of a text, trimmed, in its order: the boundaries of Unicode (UAX #29), less those before a lower-case
 * letter and after English abbreviations; after one that may end a sentence, a stop word starts the next. A line break
 * ends a sentence.
 */
export function sentences(text: string): string[] {
  const found: string[] = [];
  let sentence = '';
  let last = '';
  for (const { segment } of segmenter.segment(text)) {
    if (!continues(last.slice(-REACH), segment.slice(0, REACH))) {
      found.push(sentence.trim());
      sentence = '';
    }
    sentence += segment;
    last = segment;
  }
  found.push(sentence.trim());
  return found.filter((each) => each !== '');
}

/** Whether the text after a boundary that Unicode sees goes on with the sentence before it. */
function continues(before: string, after: string): boolean {
  if (/[\n\r\u0085\u2028\u2029]$/.test(before)) return false;
  if (/^\p{Ll}/u.test(after)) return true;
  const end = before.trimEnd();
  if (INNER_ABBREVIATION.test(end)) return true;
  const [first = ''] = words(after);
  return OTHER_ABBREVIATION.test(end) && !isStopWord(first);
}
