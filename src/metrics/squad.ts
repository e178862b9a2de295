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
