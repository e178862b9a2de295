import { quoted } from '../formats/wording.ts';
import { sentences } from '../language/sentences.ts';
import { words } from '../language/words.ts';
import { type DanglingReference, danglingReferences, hasQuestionMark } from './dangling-references.ts';
import { enumerate } from './feedback.ts';

/** How well a text stands by itself: a share in [0, 1], and what is against it, in words. */
export type Clarity = { readonly value: number; readonly faults: readonly string[] };

type Factor = { readonly factor: number; readonly fault: string };

/**
 * references x precision x length x form, each in (0, 1]; 0 for a text without words.
 * - references = 1 / (1 + d), d the dangling references, doubtful ones a half: the first does the most harm.
 * - precision = 1 - v / 2, v the share of words that are vague (thing, various): a text of nothing else keeps half.
 * - length = the mean over sentences of min(1, 25 / words): up to 25 words, as plain-English guides ask, cost nothing.
 * - form = 1 for a statement; a question loses 10% without its mark and 40% without a question's wording.
 * @param asked whether the text should be a question; one that looks like a question is judged as one in any case
 */
export function clarityOf(text: string, asked: boolean): Clarity {
  if (words(text).length === 0) return { value: 0, faults: ['the answer holds no word'] };
  const factors = [references(text), precision(text), length(text), form(text, asked)];
  return {
    value: factors.reduce((product, { factor }) => product * factor, 1),
    faults: factors.map(({ fault }) => fault).filter((fault) => fault !== ''),
  };
}

/** Whether a text asks: by its mark, or by a question word or an auxiliary verb in front. */
export function isQuestion(text: string): boolean {
  return hasQuestionMark(text) || ASKING_FRONT.test(text.trim());
}

function references(text: string): Factor {
  const dangling = danglingReferences(text);
  const weight = dangling.reduce((sum, reference) => sum + reference.weight, 0);
  const describe = ({ written }: DanglingReference) => quoted(written);
  return { factor: 1 / (1 + weight), fault: enumerate('refers to what it does not say', dangling, describe) };
}

const VAGUE: ReadonlySet<string> = new Set(
  'thing things stuff something anything everything somehow somewhat whatever aspect aspects various several interesting certain etc'.split(
    ' ',
  ),
);

function precision(text: string): Factor {
  const all = words(text);
  const vague = all.filter((word) => VAGUE.has(word));
  return {
    factor: 1 - vague.length / all.length / 2,
    fault: enumerate('vague words', [...new Set(vague)], quoted),
  };
}

const LONG_SENTENCE = 25;

function length(text: string): Factor {
  const lengths = sentences(text)
    .map((sentence) => words(sentence).length)
    .filter((count) => count > 0);
  const factor = lengths.reduce((sum, count) => sum + Math.min(1, LONG_SENTENCE / count), 0) / lengths.length;
  const longest = lengths.reduce((most, count) => Math.max(most, count), 0);
  return { factor, fault: longest > LONG_SENTENCE ? `a sentence of ${longest} words` : '' };
}

const QUESTION_WORD = 'who|whom|whose|what|which|when|where|why|how';
const AUXILIARY =
  'is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must';

// "When he came," is no question: a question word in front asks with its verb behind it.
const ASKING_FRONT = new RegExp(
  `^(?:(?:${QUESTION_WORD}) |(?:what|which|whose|how) (?:\\p{L}+ ){1,4})?(?:${AUXILIARY})(?!\\p{L})`,
  'iu',
);
const ASKING = new RegExp(
  `(?<!\\p{L})(?:${QUESTION_WORD})(?!\\p{L})|(?:^|[,;:] )(?:${AUXILIARY})(?!\\p{L})`,
  'iu',
);

function form(text: string, asked: boolean): Factor {
  if (!asked && !isQuestion(text)) return { factor: 1, fault: '' };
  const isMarked = hasQuestionMark(text);
  const isWorded = ASKING.test(text.trim());
  return {
    factor: (isMarked ? 1 : 0.9) * (isWorded ? 1 : 0.6),
    fault: isWorded ? (isMarked ? '' : 'a question without a question mark') : 'not worded as a question',
  };
}
