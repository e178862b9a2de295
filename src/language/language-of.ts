import { words } from './words.ts';

/** Scripts that tell a language, or a group of them, by themselves. */
const scripts: readonly (readonly [name: string, letters: RegExp])[] = [
  ['Japanese', /[\p{sc=Hira}\p{sc=Kana}]/gu],
  ['Chinese', /\p{sc=Han}/gu],
  ['Korean', /\p{sc=Hang}/gu],
  ['Cyrillic', /\p{sc=Cyrl}/gu],
  ['Arabic', /\p{sc=Arab}/gu],
  ['Hebrew', /\p{sc=Hebr}/gu],
  ['Greek', /\p{sc=Grek}/gu],
  ['Devanagari', /\p{sc=Deva}/gu],
  ['Thai', /\p{sc=Thai}/gu],
  ['Latin', /\p{sc=Latn}/gu],
];

/** The most usual words of languages in Latin script that no other of them has among its own. */
const functionWords: Readonly<Record<string, ReadonlySet<string>>> = {
  English: wordSet('the and of to is that it for with are was this you have from what how'),
  German: wordSet('der die das und ist nicht ein eine ich mit zu den von wie auf für'),
  French: wordSet('le les des est et une pas pour dans que qui sur avec vous je du'),
  Spanish: wordSet('el los las es y una por para del como más pero qué mi se lo'),
  Italian: wordSet('il gli di che è per non sono della nel alla questo come anche ho'),
  Portuguese: wordSet('os as é não um uma para com do da em que você mais ao'),
  Dutch: wordSet('het een van niet ik dat voor zijn maar met wat ook aan naar'),
};

/** Characters that are looked at. */
const LONGEST = 2_000;

/**
 * The language of a text by its letters and, in Latin script, by its most usual words; the script's name where those do not tell, `none`
 * without letters. A guess that is good for shares of many texts, not for one short one.
 */
export function languageOf(text: string): string {
  const begin = text.slice(0, LONGEST);
  const script = mostOf(scripts.map(([name, letters]) => [name, begin.match(letters)?.length ?? 0]));
  if (script === null) return 'none';
  // Japanese is written in Chinese letters too, with its own between them.
  if (script === 'Chinese' && /[\p{sc=Hira}\p{sc=Kana}]/u.test(begin)) return 'Japanese';
  if (script !== 'Latin') return script;
  const found = words(begin);
  const counts = Object.entries(functionWords).map(
    ([language, own]) => [language, found.filter((word) => own.has(word)).length] as const,
  );
  return mostOf(counts) ?? script;
}

/** The name that is counted most; null where none is, or two are even. */
function mostOf(counts: readonly (readonly [name: string, count: number])[]): string | null {
  const [first, second] = counts.toSorted(([, a], [, b]) => b - a);
  return first === undefined || first[1] === 0 || first[1] === second?.[1] ? null : first[0];
}

function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
