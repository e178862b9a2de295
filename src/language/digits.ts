const UNITS = 'zero one two three four five six seven eight nine'.split(' ');
const TEENS = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

const VALUES: ReadonlyMap<string, number> = new Map([
  ...[...UNITS, ...TEENS].map((word, value): [string, number] => [word, value]),
  ...TENS.map((word, index): [string, number] => [word, (index + 2) * 10]),
]);

const COMPOUND = `(?:${TENS.join('|')})[\\s\\-](?:${UNITS.slice(1).join('|')})`;
const SIMPLE = [...VALUES.keys()].filter((word) => word !== 'one').join('|');
const NUMBER_WORD = new RegExp(`(?<![\\p{L}\\p{N}])(?:${COMPOUND}|${SIMPLE})(?![\\p{L}\\p{N}])`, 'giu');
const GROUPED = /(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d|,\d)/gu;

/**
 * A text whose numbers are written in one way: English number words up to ninety-nine as digits (`one` alone is
 * left, as it is more often a pronoun), and no commas between groups of three digits.
 */
export function withDigits(text: string): string {
  return text
    .replace(NUMBER_WORD, (written) => String(numberOf(written)))
    .replace(GROUPED, (number) => number.replaceAll(',', ''));
}

function numberOf(written: string): number {
  return written
    .toLowerCase()
    .split(/[\s-]/u)
    .reduce((sum, word) => sum + (VALUES.get(word) ?? 0), 0);
}
