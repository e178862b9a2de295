import { sentences } from '../language/sentences.ts';
import { isStopWord } from '../language/stop-words.ts';
import { words } from '../language/words.ts';
import {
  ADDING,
  CONTINUATION,
  CONTRAST,
  DEFINITE,
  EXPLETIVE,
  INDEFINITE,
  NAME,
  POINTING_BACK,
  PRONOUN,
} from './reference-words.ts';

/** An expression that points to something the text does not say, in small letters. */
export type DanglingReference = {
  readonly written: string;
  /** A half where it may also stand for what everybody knows (`the heart`). */
  readonly weight: 1 | 0.5;
};

/**
 * The expressions of an English text that point to something it does not say, each once: pronouns before anything is
 * named or introduced (`a doctor`); in the first sentence, words that point back (`this`, `after that`) or add (`what
 * else`), and a question that only goes on with another (`And him?`, `Why?`); where the text names nothing at all,
 * `the` with a noun. By its words only: whether the name before a pronoun is the one meant is not known.
 */
export function danglingReferences(text: string): DanglingReference[] {
  const said = sentences(text.replace(/[^\S\n]+/gu, ' ').replace(EXPLETIVE, '—'));
  const introducing = said.findIndex((sentence) => introductionIn(sentence) < Number.POSITIVE_INFINITY);
  const isNamed = introducing >= 0 || /\p{Nd}/u.test(text);
  const pronouns = (introducing < 0 ? said : said.slice(0, introducing + 1)).flatMap(danglingPronouns);
  const certain = new Set([...pointersIn(said[0] ?? ''), ...pronouns]);
  const doubtful = isNamed ? [] : (text.toLowerCase().match(DEFINITE) ?? []).slice(0, 1);
  return [
    ...[...certain].map((written) => ({ written, weight: 1 as const })),
    ...doubtful.map((written) => ({ written, weight: 0.5 as const })),
  ];
}

/** The words of a text's first sentence that need a sentence before it. */
function pointersIn(sentence: string): string[] {
  const adding = sentence.search(CONTRAST) < 0 ? (sentence.match(ADDING) ?? []) : [];
  const fragment = isContinuation(sentence) ? [sentence] : [];
  return [...(sentence.match(POINTING_BACK) ?? []), ...adding, ...fragment].map(inSmallLetters);
}

function isContinuation(sentence: string): boolean {
  return hasQuestionMark(sentence) && (CONTINUATION.test(sentence) || words(sentence).length < 3);
}

/** Whether a text ends in a question mark, in quotes or brackets too. */
export function hasQuestionMark(text: string): boolean {
  return /\?[\p{P}\s]*$/u.test(text.trimEnd().slice(-5));
}

/** The pronouns of a sentence that stand for nothing in it. */
function danglingPronouns(sentence: string): string[] {
  const introducedAt = introductionIn(sentence);
  // "After his defeat, where did Anna go?": what a phrase in front refers to may be named behind it.
  const [front = '', ...behind] = sentence.split(',');
  const isNamedBehind = nameIn(behind.join(',')) >= 0;
  return [...sentence.matchAll(PRONOUN)]
    .filter(({ index }) => index < introducedAt && !(isNamedBehind && index < front.length))
    .map(([pronoun]) => inSmallLetters(pronoun));
}

/** Where a sentence first names or introduces something that a pronoun can stand for; infinity where it does not. */
function introductionIn(sentence: string): number {
  const [opening = ''] = /^\p{Lu}[\p{L}\p{M}]*/u.exec(sentence) ?? [];
  // In a question the first word that is no stop word is rather a preposition (besides, regarding).
  const isNameFirst = opening !== '' && !hasQuestionMark(sentence) && !isStopWord(opening.toLowerCase());
  const places = [isNameFirst ? 0 : -1, nameIn(sentence), sentence.search(INDEFINITE)];
  return Math.min(...places.filter((place) => place >= 0));
}

/** Where the first name or quotation stands; -1 where none does. In a text all in capitals no word shows as a name. */
function nameIn(sentence: string): number {
  if (!/\p{Ll}/u.test(sentence)) return -1;
  const names = sentence.matchAll(NAME).filter(([name]) => !isStopWord(name.toLowerCase()));
  return names.next().value?.index ?? -1;
}

function inSmallLetters(expression: string): string {
  return expression.toLowerCase();
}
