import { allOf, byPattern, type Finder, type Finding } from './finding.ts';
import { passagesOf } from './passages.ts';

// Bounded, as everything that may be repeated: a text of one endless word would be tried from each of its places to its end.
const NAME_WORD = String.raw`\p{Lu}[\p{L}\p{M}'’]{1,40}(?:-[\p{L}\p{M}'’]{1,40}){0,4}`;
const PARTICLE = '(?:van|von|de|den|der|da|dos|del|della|di|la|le|bin|bint|ibn|al|el|ter|ten|zu|y)';
const FULL_NAME = String.raw`${NAME_WORD}(?:(?: ${PARTICLE}){0,2} (?:${NAME_WORD}|\p{Lu}\.)){0,3}`;
const WHOLE_NAME = String.raw`${NAME_WORD}(?:(?: ${PARTICLE}){0,2} (?:${NAME_WORD}|\p{Lu}\.)){1,3}`;

/** Words that begin with a capital letter for another reason than being a name. */
const NO_NAMES: ReadonlySet<string> = new Set(
  `i a an the this that these those he she it we you they my your our their his her its who what when where why how which please can could
   would will should may might must do does did is are was were am be been have has had if and or but not no yes so then there here
   monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
   english german french spanish italian dutch hi hello hey dear thanks thank regards sincerely cheers sir madam team all everyone
   customer support service sales office room meeting order invoice ticket account email phone address street road avenue
   inc ltd llc gmbh corp company university college school hospital bank airport station park hotel restaurant museum north south east west new
   app windows linux android google microsoft apple amazon inn tower bridge square river lake mount mountain island valley beach bay city
   county state states kingdom republic union council ministry department institute foundation association society club league cup series
   awards act law code clause basics business resources success sale active data protection hotel studio visual machine sports day night
   group services systems technologies software solutions partners holdings international national global central united royal grand`.split(
    /\s+/u,
  ),
);

/** Names after the words that people put before them. */
const findIntroduced = allOf(
  byPattern(
    'PERSON',
    new RegExp(
      String.raw`\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Herr|Frau|Señora?|Sra?|Mme|Mlle|Monsieur|Madame|Signora?|Sir|Dame|Rev)\.? (?<value>${FULL_NAME})`,
      'gu',
    ),
    isName,
  ),
  byPattern(
    'PERSON',
    new RegExp(
      String.raw`\b(?:[Nn]ames?(?: is| was|:| are)|[Nn]amed|[Cc]alled|I am|I['’]m|[Tt]his is|[Dd]ear|[Hh]ello|[Hh]i|[Hh]ey|[Ss]igned(?: off)?(?: by|,|:)?|[Ss]incerely,?|[Rr]egards,?|[Cc]heers,?|[Tt]hanks,?|[Cc]ustomer|[Pp]atient|[Cc]lient|[Cc]olleague|[Mm]anager|[Nn]eighbou?r|[Ff]riend|[Bb]oss|[Hh]usband|[Ww]ife|[Ss]on|[Dd]aughter|[Bb]rother|[Ss]ister|[Mm]other|[Ff]ather|[Aa]ttn\.?:?|[Cc]\/o)[,:]?\s+(?<value>${FULL_NAME})`,
      'gu',
    ),
    isName,
  ),
);

/** Two to four capitalised words in a row that are not a sentence's beginning and hold no word of another kind. */
const findCapitalised = byPattern(
  'PERSON',
  new RegExp(String.raw`(?<![\p{L}\p{N}'’<_-])${WHOLE_NAME}(?![\p{L}\p{N}'’>_-])`, 'gu'),
  isName,
);

/**
 * A finder of people's names: those of compromise's lexicon, in any spelling; those that are introduced as names; and runs of
 * capitalised words none of which is an ordinary one. Loading it takes a moment.
 */
export async function openPersonNames(): Promise<Finder> {
  const { default: compromise } = await import('compromise/two');
  // Its types do not say what the model holds.
  const isOrdinary = ordinaryWords(compromise.model() as { one: { lexicon: Lexicon } });
  const findIn: Finder = (text) => {
    const document = compromise(text);
    const known = [...spansOf(text, document.match('#Person+').json({ offset: true }))];
    const others = [...spansOf(text, document.match('(#Place|#Organization)').json({ offset: true }))];
    return [
      ...known
        .map((span) => ({ kind: 'PERSON', ...span }))
        .filter(({ start, end }) => isName({ value: text.slice(start, end) })),
      ...findIntroduced(text),
      ...findCapitalised(text).filter(
        ({ start, end }) =>
          !wordsOf(text.slice(start, end)).some(isOrdinary) &&
          !others.some((other) => other.start < end && start < other.end),
      ),
    ];
  };
  return (text) =>
    [...passagesOf(text)].flatMap((passage) =>
      findIn(passage.text).map((finding) => movedBy(passage.start, finding)),
    );
}

function movedBy(distance: number, { kind, start, end }: Finding): Finding {
  return { kind, start: start + distance, end: end + distance };
}

/** Words with what they are, as `Singular` or `FirstName`. */
type Lexicon = Readonly<Record<string, string | readonly string[]>>;

/** Whether a word is in compromise's lexicon as something else than a name. */
function ordinaryWords({ one: { lexicon } }: { readonly one: { readonly lexicon: Lexicon } }) {
  return (word: string): boolean => {
    const tags = [lexicon[word] ?? []].flat();
    return tags.length > 0 && !tags.some((tag) => /Name|Person/u.test(tag));
  };
}

type Span = { readonly start: number; readonly end: number };

/** Where compromise's matches stand; a comma parts two of them, and punctuation at the ends is left out. */
function* spansOf(text: string, matches: unknown): Generator<Span> {
  if (!Array.isArray(matches)) return;
  for (const { offset } of matches) {
    if (typeof offset?.start !== 'number' || typeof offset?.length !== 'number') continue;
    const words = text.slice(offset.start, offset.start + offset.length);
    for (const { index, 0: word } of words.matchAll(/[\p{L}\p{N}][^,;:!?()"\n]*[\p{L}\p{N}]/gu))
      yield { start: offset.start + index, end: offset.start + index + word.length };
  }
}

function isName({ value }: { readonly value: string }): boolean {
  const words = wordsOf(value);
  return words.length > 0 && !words.some((word) => NO_NAMES.has(word));
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}'’-]+/gu) ?? [];
}
