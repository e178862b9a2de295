/** A suffix and what replaces it, where the stem before it meets the condition. */
type Rule = readonly [suffix: string, replacement: string, condition: (stem: string) => boolean];

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['innings', 'inning'],
  ['outings', 'outing'],
  ['cannings', 'canning'],
  ...['sky', 'news', 'inning', 'outing', 'canning', 'howe', 'proceed', 'exceed', 'succeed'].map(
    (word): [string, string] => [word, word],
  ),
]);

const always = () => true;
const measured = (stem: string) => measure(stem) > 0;
const longMeasured = (stem: string) => measure(stem) > 1;

const afterParticiple: readonly Rule[] = [
  ['at', 'ate', always],
  ['bl', 'ble', always],
  ['iz', 'ize', always],
];

const doubleSuffixes: readonly Rule[] = [
  ...pairs(
    'ational ate, tional tion, enci ence, anci ance, izer ize, bli ble, alli al, entli ent, eli e, ousli ous',
  ),
  ...pairs('ization ize, ation ate, ator ate, alism al, iveness ive, fulness ful, ousness ous, aliti al'),
  ...pairs('iviti ive, biliti ble, fulli ful'),
  ['logi', 'log', (stem) => measured(`${stem}l`)],
];

const derivations: readonly Rule[] = pairs('icate ic, ative, alize al, iciti ic, ical ic, ful, ness');

const endings: readonly Rule[] =
  'al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize'
    .split(' ')
    .map((suffix) => [
      suffix,
      '',
      suffix === 'ion' ? (stem) => longMeasured(stem) && /[st]$/.test(stem) : longMeasured,
    ]);

/**
 * The stem of a lower-case word: Porter's algorithm (Program 14 no. 3, 1980) with the changes of NLTK's default
 * mode: irregular forms, words of two letters kept, `-ies` and `-ied` of short words, and further suffixes.
 */
export function porterStem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return word;
  const base = withoutFinalY(withoutParticiple(withoutPlural(word)));
  const derived = applyFirst(derivations, withoutDoubleSuffix(base));
  return withoutFinalE(applyFirst(endings, derived));
}

/** Step 1a. */
function withoutPlural(word: string): string {
  if (word.endsWith('ies')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('sses')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

/** Step 1b. */
function withoutParticiple(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return measured(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const suffix = ['ed', 'ing'].find((ending) => word.endsWith(ending));
  const stem = suffix === undefined ? '' : word.slice(0, -suffix.length);
  return shapeOf(stem).includes('v') ? repaired(stem) : word;
}

/** Puts back what a participle's ending had changed: `hopp` to `hop`, `fil` to `file`. */
function repaired(stem: string): string {
  const restored = applyFirst(afterParticiple, stem);
  if (restored !== stem) return restored;
  if (/(.)\1$/.test(stem) && shapeOf(stem).endsWith('c'))
    return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

/** Step 1c. */
function withoutFinalY(word: string): string {
  const stem = word.slice(0, -1);
  return word.endsWith('y') && stem.length > 1 && shapeOf(stem).endsWith('c') ? `${stem}i` : word;
}

/** Step 2; what ends in `-alli` is looked at again as `-al`. */
function withoutDoubleSuffix(word: string): string {
  const replaced = applyFirst(doubleSuffixes, word);
  return word.endsWith('alli') && replaced !== word ? applyFirst(doubleSuffixes, replaced) : replaced;
}

/** Step 5. */
function withoutFinalE(word: string): string {
  const stem = word.slice(0, -1);
  const silent = word.endsWith('e') && (longMeasured(stem) || (measure(stem) === 1 && !endsShort(stem)));
  const kept = silent ? stem : word;
  return kept.endsWith('ll') && longMeasured(kept.slice(0, -1)) ? kept.slice(0, -1) : kept;
}

/** Applies the first rule whose suffix the word has; no other one where its condition fails. */
function applyFirst(rules: readonly Rule[], word: string): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const [suffix, replacement, condition] = rule;
  const stem = word.slice(0, word.length - suffix.length);
  return condition(stem) ? stem + replacement : word;
}

/** `suffix replacement, ...` as rules for stems with a measure; a replacement may be missing. */
function pairs(list: string): Rule[] {
  return list.split(', ').map((pair) => {
    const [suffix = '', replacement = ''] = pair.split(' ');
    return [suffix, replacement, measured];
  });
}

/** How often a consonant follows a vowel, Porter's m. */
function measure(stem: string): number {
  return shapeOf(stem).split('vc').length - 1;
}

/** Whether a stem ends like a short syllable (`fil`, or as a whole `ad`), Porter's *o. */
function endsShort(stem: string): boolean {
  const shape = shapeOf(stem);
  return shape === 'vc' || (shape.endsWith('cvc') && !/[wxy]$/.test(stem));
}

/** Each letter as `c` (consonant) or `v` (vowel); y is a vowel after a consonant. */
function shapeOf(word: string): string {
  // The last one apart: asked of the growing text, it would be put together anew for each y.
  let [shape, last] = ['', ''];
  for (const letter of word) {
    const isVowel = letter === 'y' ? last === 'c' : 'aeiou'.includes(letter);
    last = isVowel ? 'v' : 'c';
    shape += last;
  }
  return shape;
}
