import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSyllables } from '../../src/language/syllables.ts';
import { describeGoldens } from '../metrics/goldens.ts';

describe('syllables', () => {
  it.each<[rule: string, words: Record<string, number>]>([
    ['groups of vowel letters', { cat: 1, table: 2, window: 2, banana: 3, syllable: 3, strengths: 1 }],
    ['a silent final e', { made: 1, the: 1, be: 1, whole: 1, league: 1, technique: 2, argue: 2 }],
    ['a final e that is spoken', { table: 2, centre: 2, apostrophe: 4, recipe: 3, maybe: 2 }],
    ['plurals', { games: 1, sentences: 3, boxes: 2, tables: 2, churches: 2, leagues: 1 }],
    ['past tenses', { removed: 2, wanted: 2, puzzled: 2, called: 1, hundred: 2, tried: 1, studied: 2 }],
    [
      'a silent e inside',
      { lovely: 2, careful: 2, statement: 2, settlement: 3, rely: 2, something: 2, forever: 3 },
    ],
    ['a vowel inside that is skipped', { several: 2, temperature: 3, business: 2, typically: 3 }],
    ['i before another vowel', { media: 3, period: 3, ratio: 3, science: 2, easier: 3, skiing: 2, pier: 1 }],
    [
      'e before another vowel',
      { video: 3, geology: 4, create: 2, idea: 3, European: 4, museum: 3, react: 2 },
    ],
    [
      'o, u or a before another vowel',
      { poem: 2, going: 2, actual: 3, ruin: 2, arguing: 3, chaos: 2, naive: 2 },
    ],
    [
      'vowels spoken together',
      { nation: 2, social: 2, friend: 1, people: 2, language: 2, voice: 1, ocean: 2 },
    ],
    [
      'y as vowel and as consonant',
      { yes: 1, beyond: 2, playing: 2, trying: 2, rhythm: 2, eye: 1, lawyer: 2 },
    ],
    ['syllables without a vowel letter', { prism: 2, realism: 4, "didn't": 2, "don't": 1, "it'll": 2 }],
    ['the end of a possessive', { "day's": 1, "Anna's": 2, "dogs'": 1, 'day’s': 1 }],
    ['letters spelled out', { TV: 2, DVD: 3, www: 9, UK: 2 }],
    ['accents and case', { École: 2, CREATIVE: 3 }],
  ])('counts %s', (_, words) => {
    const counted = Object.keys(words).map((word) => [word, countSyllables(word)]);
    expect(Object.fromEntries(counted)).toEqual(words);
  });

  it('counts one for a number, as textstat does', () => {
    expect(['7', '500', '1984'].map(countSyllables)).toEqual([1, 1, 1]);
  });

  it('is at least 1 and no more than the letters of a word, w counting for three', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z]{1,20}$/), (word) => {
        const most = word.replaceAll(/w/gi, 'www').length;
        expect(countSyllables(word)).toBeGreaterThanOrEqual(1);
        expect(countSyllables(word)).toBeLessThanOrEqual(most);
        expect(countSyllables(word.toUpperCase())).toBe(countSyllables(word.toLowerCase()));
      }),
    );
  });
});

describeGoldens<{ syllables: [text: string, count: number][] }>('syllables', 'textstat.json', (goldens) => {
  it('counts as the pronunciation dictionary does in all 25 cases', () => {
    const { syllables } = goldens();
    expect(syllables).toHaveLength(25);
    for (const [text, count] of syllables) {
      const words = text.match(/[a-z']+/gi) ?? [];
      const counted = words.reduce((sum, word) => sum + countSyllables(word), 0);
      expect([text, counted]).toEqual([text, count]);
    }
  });
});
