import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { metric, scoreOf } from './metric-input.ts';

const rate = metric('hallucination_rate');
const json: OutputFormat = { format: 'json' };
const text = 'Lena Okafor left Ghent on Tuesday; pineapple juice from 東京都 and दिल्ली was served.';
const rated = (answer: unknown, options = {}) =>
  scoreOf(metric('hallucination_rate', options), json, { output: JSON.stringify(answer), input: { text } });

describe('hallucination_rate of items', () => {
  it('is lower where better, the share of items that the text does not name', () => {
    expect(rate).toMatchObject({ direction: 'lower', unit: 'ratio', scale: 'graded' });
    expect(rated({ entities: [{ name: 'lena  okafor' }, { name: 'Bruges' }, 'Antwerp', 'Ghent'] })).toEqual({
      value: 0.5,
      feedback: 'not in the text: "Bruges", "Antwerp"',
    });
    expect(rated({ entities: ['Ghent'] })).toEqual({ value: 0, feedback: '' });
  });

  it('asks for whole words, where a script has them', () => {
    expect(rated({ entities: ['apple', 'Okafo'] }).value).toBe(1);
    expect(rated({ entities: ['द'] }).value).toBe(1);
    expect(rated({ entities: ['東京', 'दिल्ली'] }).value).toBe(0);
  });

  it('takes a relationship for invented when one of its ends is', () => {
    const relationships = [
      { source: 'Lena Okafor', target: 'Ghent', keywords: 'left' },
      { source: 'Lena Okafor', target: 'Bruges', keywords: 'went to' },
    ];
    expect(rated({ entities: ['Ghent', 'Tuesday'], relationships })).toEqual({
      value: 0.25,
      feedback: 'not in the text: "Bruges"',
    });
  });

  it('looks at one list when told to', () => {
    const answer = { entities: ['Ghent'], topics: ['travel'], mood: 'calm' };
    expect(rated(answer).value).toBe(0.5);
    expect(rated(answer, { field: 'entities' }).value).toBe(0);
    expect(rated(answer, { field: 'topics' }).value).toBe(1);
  });

  it('takes an item without a name for invented', () => {
    expect(rated({ entities: ['Ghent', { title: 'Ghent' }, ' '] }).value).toBeCloseTo(2 / 3);
  });

  it('has no value where nothing was predicted, so that silence does not look perfect', () => {
    for (const output of ['', 'no idea', '{"entities": []}', '{}']) {
      expect(scoreOf(rate, json, { output, input: { text } })).toEqual({ value: null, feedback: '' });
    }
  });

  it('names an example without the text to look in', () => {
    expect(() => rated({ entities: ['Ghent'] }, { source: 'passage' })).toThrow(
      'example one: input.passage is not a text to look names up in',
    );
  });

  it('is 0 for what the text says and 1 for what it does not, whatever the words', () => {
    const word = fc.stringMatching(/^[a-zäéßœά-ώж-я]{1,8}$/u);
    const words = fc.uniqueArray(word, {
      minLength: 2,
      maxLength: 8,
      selector: (each) => each.toUpperCase(),
    });
    fc.assert(
      fc.property(words, fc.nat(), ([invented, ...said], at) => {
        const input = { text: said.join(' ') };
        const output = (names: string[]) => JSON.stringify({ entities: names });
        expect(
          scoreOf(rate, json, { input, output: output(said.map((each) => each.toUpperCase())) }).value,
        ).toBe(0);
        expect(scoreOf(rate, json, { input, output: output([invented ?? '']) }).value).toBe(1);
        const mixed = [invented ?? '', said[at % said.length] ?? ''];
        expect(scoreOf(rate, json, { input, output: output(mixed) }).value).toBe(0.5);
      }),
    );
  });
});

describe('hallucination_rate of a label', () => {
  const label: OutputFormat = { format: 'label', field: 'intent', labels: ['PlayMusic', 'RateBook'] };

  it('is whether the label is outside the list', () => {
    expect(scoreOf(rate, label, { output: 'RateBook' })).toEqual({ value: 0, feedback: '' });
    expect(scoreOf(rate, label, { output: 'PlayVideo' })).toEqual({
      value: 1,
      feedback: '"PlayVideo" is none of the labels',
    });
  });

  it('has no value for an empty answer, nor where any label will do', () => {
    expect(scoreOf(rate, label, { output: ' ' }).value).toBeNull();
    expect(scoreOf(rate, { format: 'label', field: 'intent' }, { output: 'x' }).value).toBeNull();
  });
});
