import { scoreNGrams } from './rouge-score.ts';

// Python's string.punctuation.
const PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/gu;
const ARTICLE = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/**
 * An answer as the SQuAD 2.0 evaluation compares it: lower case, ASCII punctuation deleted (not replaced by a
 * space), the words a, an and the removed, white space collapsed.
 */
export function normaliseAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(PUNCTUATION, '')
    .replace(ARTICLE, ' ')
    .split(/\s+/u)
    .filter((token) => token !== '')
    .join(' ');
}

/**
 * The accepted answers as the SQuAD 2.0 evaluation reads them: those that are empty once normalised do not
 * count, and where none is left the right answer is the empty one.
 */
export function acceptedAnswers(references: readonly string[]): readonly string[] {
  const meaningful = references.filter((reference) => normaliseAnswer(reference) !== '');
  return meaningful.length > 0 ? meaningful : [''];
}

/**
 * Token F1 of the SQuAD 2.0 evaluation, in [0, 1]: the harmonic mean of the shares of shared tokens in the normalised
 * answer and reference, each token as often as it stands there; the best over the accepted answers. Where either
 * side is empty it is 1 when both are, else 0.
 */
export function squadF1(answer: string, references: readonly string[]): number {
  const given = tokens(normaliseAnswer(answer));
  return Math.max(
    ...acceptedAnswers(references).map((reference) => sharedF1(given, tokens(normaliseAnswer(reference)))),
  );
}

function sharedF1(given: readonly string[], wanted: readonly string[]): number {
  if (given.length === 0 || wanted.length === 0) return given.length === wanted.length ? 1 : 0;
  return scoreNGrams(wanted, given, 1).f1;
}

function tokens(normalised: string): string[] {
  return normalised.split(' ').filter((token) => token !== '');
}
