import { existsSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/datasets/load.ts';
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
      'example one: input.passage is not a text or a list of texts',
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

describe('hallucination_rate of a text', () => {
  const free: OutputFormat = { format: 'text', field: 'answer' };
  const source = 'Lena Okafor left Ghent in 1990. The harbour of Bruges was closed by the mayor.';
  const rateOf = (output: string, options = {}, input: Record<string, unknown> = { text: source }) =>
    scoreOf(metric('hallucination_rate', options), free, { output, input });

  it('is the share of its content words and pairs of neighbours that the source does not have', () => {
    // Three words and two pairs, of which one word and both pairs are not there.
    expect(rateOf('Okafor leaves in 1990')).toEqual({ value: 3 / 5, feedback: 'not in the text: "leaves"' });
    expect(rateOf('penguins dance')).toEqual({
      value: 1,
      feedback: 'not in the text: "penguins", "dance"',
    });
    expect(rateOf('Yes, Lena Okafor left Ghent')).toEqual({ value: 0, feedback: '' });
    expect(rateOf('harbours closing')).toEqual({ value: 0, feedback: '' });
  });

  it('sees words of the source that the answer alone puts together', () => {
    expect(rateOf('The mayor closed Ghent.')).toEqual({
      value: 1 / 5,
      feedback: 'nowhere together in the text: "closed ghent"',
    });
  });

  it('counts a word once, so that repeating what is there does not hide what is not', () => {
    expect(rateOf('Ghent, Ghent, Ghent: penguins').value).toBe(rateOf('Ghent: penguins').value);
  });

  it('has no value for an answer without a content word, an empty one and an abstention', () => {
    for (const output of ['', 'No.', 'It is so.']) expect(rateOf(output).value).toBeNull();
    expect(rateOf('unanswerable').value).toBe(1);
    expect(rateOf('Unanswerable', { abstention: 'unanswerable' })).toEqual({ value: null, feedback: '' });
  });

  it('looks in several fields and in lists of passages', () => {
    const input = { question: 'Who left?', passages: ['Lena Okafor.', 'The harbour.'] };
    const options = { source: ['question', 'passages'] };
    expect(rateOf('Lena Okafor', options, input).value).toBe(0);
    expect(rateOf('Okafor left', options, input).value).toBe(1 / 3);
    expect(() => rateOf('Okafor', { source: ['question', 'text'] }, input)).toThrow('input.text');
  });

  it('is in [0, 1], 0 for what the source says, and rises with each sentence it does not say', () => {
    const word = fc.stringMatching(/^[bcdfghjklmnpqrstvwxz]{3,8}$/);
    const sentence = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => `${words.join(' ')}. `);
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 4 }), (said) => {
        const text = said.join('');
        const rates = ['', 'aaa eee. ', 'aaa eee. ooo uuu. '].map(
          (invented) => rateOf(text + invented, {}, { text }).value ?? -1,
        );
        expect(rates[0]).toBe(0);
        expect(rates[1]).toBeGreaterThan(0);
        expect(rates[2]).toBeGreaterThan(rates[1] ?? 1);
        expect(rates[2]).toBeLessThanOrEqual(1);
      }),
    );
  });
});

const pairsFile = path.resolve(
  import.meta.dirname,
  '../../../shared/datasets-extra/hallucination_pairs_halueval/test.yaml',
);
const present = existsSync(pairsFile);

describe.skipIf(!present)(
  `right and hallucinated answers: HaluEval${present ? '' : ': SKIPPED, reference data not present'}`,
  () => {
    /** The share of pairs whose right answer has the lower rate; equal rates, and none, count half. */
    const rankedRight = (
      isChosen: (id: number) => boolean,
      rateAnswer: (text: string, source: string) => number,
    ) => {
      const pairs = loadDataset(pairsFile, 'halueval', 'test').examples.filter(({ id }) =>
        isChosen(Number(id.split('-')[1])),
      );
      const wins = pairs.map(({ input, expected }) => {
        const [right, hallucinated] = ['right_answer', 'hallucinated_answer'].map((answer) =>
          rateAnswer(String(expected[answer]), String(input['context'])),
        );
        if (right === undefined || hallucinated === undefined) throw new Error('an answer is missing');
        return right < hallucinated ? 1 : right > hallucinated ? 0 : 0.5;
      });
      return { n: wins.length, share: wins.reduce((sum: number, win) => sum + win, 0) / wins.length };
    };
    const isOdd = (id: number) => id % 2 === 1;
    const isEven = (id: number) => id % 2 === 0;
    const byRate = (answer: string, text: string) =>
      scoreOf(rate, { format: 'text', field: 'answer' }, { output: answer, input: { text } }).value ??
      Number.NaN;

    it('are told apart as the description says, on the pairs that were not used to choose the formula', () => {
      const { n, share } = rankedRight(isEven, byRate);
      expect(n).toBe(78);
      expect(share).toBeCloseTo(0.962, 3);
      expect(rate.description).toContain('96% of 78 HaluEval pairs');
    });

    it('are told apart as well on the other half, and on both better than by length, which gives much away', () => {
      expect(rankedRight(isOdd, byRate)).toEqual({ n: 77, share: expect.closeTo(0.961, 3) });
      const { share } = rankedRight(isEven, (answer) => answer.length);
      expect(share).toBeCloseTo(0.917, 3);
      expect(rate.description).toContain('the shorter answer is the right one in 92%');
    });
  },
);
