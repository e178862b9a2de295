import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { fleschReadingEase, readability } from '../../src/metrics/readability.ts';
import { createdMetric } from './created-metric.ts';
import { describeGoldens } from './goldens.ts';
import { scoreOf } from './metric-input.ts';

const text: OutputFormat = { format: 'text', field: 'summary' };
const json: OutputFormat = { format: 'json' };
const read = (output: string) => scoreOf(createdMetric(readability), text, { output });

const EASY = 'The cat sat on the mat. It was warm. The cat slept well.';
const HARD =
  'Notwithstanding considerable methodological heterogeneity, contemporary investigations systematically demonstrate statistically significant associations between organisational characteristics and profitability.';

describe('readability', () => {
  it('is the Flesch reading ease over 100, higher where a text reads more easily', () => {
    expect(createdMetric(readability)).toMatchObject({ direction: 'higher', unit: 'ratio', scale: 'graded' });
    // 5 words, 7 syllables, 1 sentence.
    expect(read('Cool dogs wear da sunglasses.').value).toBeCloseTo(
      (206.835 - 1.015 * 5 - 84.6 * (7 / 5)) / 100,
      12,
    );
  });

  it('cuts off what is beyond very easy and very hard', () => {
    expect(fleschReadingEase(EASY)).toBeGreaterThan(100);
    expect(read(EASY)).toEqual({ value: 1, feedback: '' });
    expect(fleschReadingEase(HARD)).toBeLessThan(0);
    expect(read(HARD)).toEqual({
      value: 0,
      feedback:
        'hard to read: 16.0 words per sentence and 4.56 syllables per word; write shorter sentences and plainer words',
    });
  });

  it('falls with the length of sentences and of words', () => {
    const plain = 'The old house by the lake burned down on a cold night in May';
    expect(fleschReadingEase(`${plain}. ${plain}.`)).toBeGreaterThan(
      fleschReadingEase(`${plain} and ${plain}.`),
    );
    expect(fleschReadingEase('The residence is dilapidated.')).toBeLessThan(
      fleschReadingEase('The house is old.'),
    );
  });

  it('takes a wrapped line for the same sentence, and a new line for a new one', () => {
    expect(fleschReadingEase('The dog ran over\nthe hill.')).toBe(
      fleschReadingEase('The dog ran over the hill.'),
    );
    expect(fleschReadingEase('The dog ran\nThe cat sat')).toBe(
      fleschReadingEase('The dog ran. The cat sat.'),
    );
  });

  it('counts words as people do, with their hyphens and apostrophes', () => {
    const ease = (words: number, syllables: number) => 206.835 - 1.015 * words - 84.6 * (syllables / words);
    expect(fleschReadingEase("It's a five-year plan.")).toBeCloseTo(ease(4, 5), 12);
  });

  it('scores an answer without words 0', () => {
    expect(read(' ')).toEqual({ value: 0, feedback: 'the answer is empty' });
    expect(read('?!')).toEqual({ value: 0, feedback: 'the answer holds no word' });
  });

  it('reads one field where told to, and scores 0 where it cannot be read', () => {
    const field = createdMetric(readability, { field: 'summary' });
    const answered = (summary: unknown) =>
      scoreOf(field, json, { output: JSON.stringify({ summary }) }).value;
    expect(answered(EASY)).toBe(1);
    expect(answered(['The cat sat.', 'It was warm.'])).toBe(1);
    expect(answered(HARD)).toBe(0);
    expect(answered({ text: EASY })).toBe(0);
    expect(scoreOf(field, json, { output: EASY }).value).toBe(0);
  });

  it('is in [0, 1] whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (output) => {
        const { value } = read(output);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }),
    );
  });
});

type Textstat = { cases: { name: string; text: string; expected: { flesch_reading_ease: number } }[] };

describeGoldens<Textstat>('Flesch reading ease', 'textstat.json', (goldens) => {
  it('is within 0.7 points of 100 of textstat, which looks syllables up, in all 5 cases', () => {
    const { cases } = goldens();
    expect(cases).toHaveLength(5);
    for (const { name, text, expected } of cases) {
      const difference = fleschReadingEase(text) - expected.flesch_reading_ease;
      expect([name, Math.abs(difference)]).toEqual([name, expect.toSatisfy((off: number) => off < 0.7)]);
    }
  });

  it('is the same to its three decimals where no sentence is in doubt', () => {
    const agreeing = goldens()
      .cases.filter(
        ({ text, expected }) =>
          fleschReadingEase(text).toFixed(3) === expected.flesch_reading_ease.toFixed(3),
      )
      .map(({ name }) => name);
    expect(agreeing).toEqual(['EMPTY_STR', 'EASY_TEXT', 'SHORT_TEXT']);
  });
});
