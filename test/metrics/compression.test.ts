import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/datasets/dataset.ts';
import type { OutputFormat } from '../../src/formats/format.ts';
import { words } from '../../src/language/words.ts';
import { answerRetained } from '../../src/metrics/answer-retained.ts';
import { compressionRatio } from '../../src/metrics/compression-ratio.ts';
import { efficiency } from '../../src/metrics/efficiency.ts';
import { createdMetric } from './created-metric.ts';
import { scoreOf } from './metric-input.ts';
import { describeTestSplit } from './shared-datasets.ts';

const text: OutputFormat = { format: 'text', field: 'text' };
const context = 'Lena Okafor left Ghent in 1922. She taught chemistry in Bruges.';

describe('compression_ratio', () => {
  const ratio = createdMetric(compressionRatio);
  const compressed = (output: string, source: unknown = context) =>
    scoreOf(ratio, text, { output, input: { context: source } });

  it('is the words of the answer per word of the source, lower where better', () => {
    expect(ratio).toMatchObject({ direction: 'lower', unit: 'ratio', scale: 'graded' });
    expect(compressed('Lena left Ghent')).toEqual({ value: 3 / 11, feedback: 'kept: 3 words of 11' });
    expect(compressed('one two', ['one two three', 'four']).value).toBe(0.5);
  });

  it('is 1 for an answer as long as the source or longer', () => {
    expect(compressed(context)).toEqual({
      value: 1,
      feedback: 'not shorter than the source: 11 words of 11',
    });
    expect(compressed(`${context} ${context}`).value).toBe(1);
  });

  it('is 1, the worst, for an answer that says nothing', () => {
    for (const output of ['', ' ', '...']) {
      expect(compressed(output)).toEqual({ value: 1, feedback: 'the answer holds no word' });
    }
    const field = createdMetric(compressionRatio, { field: 'short' });
    const answered = (output: string) =>
      scoreOf(field, { format: 'json' }, { output, input: { context } }).value;
    expect(answered('{"short": "Lena"}')).toBe(1 / 11);
    expect(answered('{"long": "Lena"}')).toBe(1);
  });

  it('names an example without a source, or one without words', () => {
    expect(() => scoreOf(ratio, text, { output: 'x' })).toThrow('example one: input.context is not a text');
    expect(() => compressed('x', '...')).toThrow('example one: input.context has no words');
    expect(() => compressed('', '')).toThrow('example one: input.context has no words');
  });

  it('is in (0, 1], and grows with each word said', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (said, all) => {
        const value = compressed('a '.repeat(said), 'b '.repeat(all)).value ?? 0;
        expect(value).toBeGreaterThan(0);
        expect(value).toBe(Math.min(1, said / all));
        expect(compressed('a '.repeat(said + 1), 'b '.repeat(all)).value).toBeGreaterThanOrEqual(value);
      }),
    );
  });
});

describe('efficiency by retention', () => {
  const expected = { answer: 'Ghent' };
  const efficient = (output: string, options = {}) =>
    scoreOf(createdMetric(efficiency, options), text, { output, input: { context }, expected });

  it('is the harmonic mean of what is kept and what is saved', () => {
    expect(createdMetric(efficiency)).toMatchObject({ direction: 'higher', unit: 'ratio', scale: 'graded' });
    expect(efficient('Lena left Ghent').value).toBeCloseTo((2 * (8 / 11)) / (1 + 8 / 11), 12);
    expect(efficient('Ghent').value).toBeGreaterThan(efficient('Lena left Ghent').value ?? 1);
  });

  it('scores 0 what is dropped altogether, and what is copied altogether', () => {
    expect(efficient('Lena left')).toEqual({ value: 0, feedback: 'lost the answer "Ghent"; 2 words of 11' });
    expect(efficient(context).value).toBe(0);
    expect(efficient('').value).toBe(0);
  });

  it('has no value where there is nothing to keep', () => {
    const nothing = { output: 'a cat', input: { context: 'the cat sat on a mat' } };
    expect(scoreOf(createdMetric(efficiency), text, nothing)).toEqual({ value: null, feedback: '' });
  });
});

describe('efficiency by brevity', () => {
  const brief = createdMetric(efficiency, { by: 'brevity' });
  const lines: OutputFormat = { format: 'lines', field: 'keywords', item: '{{.}}' };
  const expected = { keywords: ['sundanese', 'gastropub', 'Texas'] };

  it('is the words of the reference answer per word of the answer, at most 1', () => {
    expect(scoreOf(brief, lines, { output: 'sundanese\ngastropub\nTexas', expected })).toEqual({
      value: 1,
      feedback: '',
    });
    expect(scoreOf(brief, lines, { output: 'Texas', expected }).value).toBe(1);
    expect(scoreOf(brief, lines, { output: 'a sundanese gastropub\nnear\nTexas city', expected })).toEqual({
      value: 0.5,
      feedback: '6 words, where the reference has 3',
    });
  });

  it('compares one field where told to', () => {
    const query = createdMetric(efficiency, { by: 'brevity', field: 'query' });
    const reference = { query: 'weather Texas', why: 'it is short' };
    const answered = (answer: unknown) =>
      scoreOf(query, { format: 'json' }, { output: JSON.stringify(answer), expected: reference }).value;
    expect(answered({ query: 'weather Texas', why: 'for a very good reason that takes many words' })).toBe(1);
    expect(answered({ query: 'the weather in Texas' })).toBe(0.5);
    expect(answered({ why: 'it is short' })).toBe(0);
  });

  it('scores an empty answer 0', () => {
    expect(scoreOf(brief, lines, { output: ' ', expected })).toEqual({
      value: 0,
      feedback: 'the answer holds no word',
    });
  });

  it('is in (0, 1], and falls with each word beyond the reference', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (said, wanted) => {
        const reference = { text: 'a '.repeat(wanted) };
        const value = scoreOf(brief, text, { output: 'b '.repeat(said), expected: reference }).value ?? 0;
        expect(value).toBe(said <= wanted ? 1 : wanted / said);
        expect(value).toBeGreaterThan(0);
      }),
    );
  });
});

/**
 * The k sentences that share most different words with the question, function words included, the earlier one where two
 * share as many; a sentence ends at its mark. Best first.
 */
function topSentences({ input }: Example, k: number): string {
  const asked = new Set(words(String(input['question'])));
  const passages = input['passages'] as string[];
  return passages
    .flatMap((passage) => passage.split(/(?<=[.!?])\s+/))
    .map((sentence) => ({
      sentence,
      shared: [...new Set(words(sentence))].filter((word) => asked.has(word)).length,
    }))
    .sort((a, b) => b.shared - a.shared)
    .slice(0, k)
    .map(({ sentence }) => sentence)
    .join(' ');
}

describeTestSplit('the first sentences by overlap with the question', 'context_compression', (examples) => {
  const mean = (k: number, metric: ReturnType<typeof createdMetric>) => {
    const values = examples().map((example) => {
      const { input, expected } = example;
      return scoreOf(metric, text, { output: topSentences(example, k), input, expected }).value ?? Number.NaN;
    });
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };

  it.each([
    [1, '0.690', '0.057', '.69 at .06'],
    [2, '0.800', '0.115', '.80 at .12'],
    [3, '0.850', '0.175', '.85 at .18'],
  ])('top %i: keep the answer %s at %s of the words, %s as the notes have it', (k, kept, size, noted) => {
    const retained = mean(k, createdMetric(answerRetained));
    const ratio = mean(k, createdMetric(compressionRatio, { source: 'passages' }));
    expect([retained.toFixed(3), ratio.toFixed(3)]).toEqual([kept, size]);
    expect(`${retained.toFixed(2)} at ${ratio.toFixed(2)}`.replaceAll('0.', '.')).toBe(noted);
  });
});
