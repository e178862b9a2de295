import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { answerRetained } from '../../src/metrics/answer-retained.ts';
import { informationRetention } from '../../src/metrics/information-retention.ts';
import { createdMetric } from './created-metric.ts';
import { scoreOf } from './metric-input.ts';
import { describeTestSplit } from './shared-datasets.ts';

const text: OutputFormat = { format: 'text', field: 'text' };

describe('answer_retained', () => {
  const retained = createdMetric(answerRetained);
  const keeps = (output: string, answer: unknown) =>
    scoreOf(retained, text, { output, expected: { answer } });

  it('is whether an accepted answer still stands in the text, as SQuAD compares', () => {
    expect(retained).toMatchObject({ direction: 'higher', unit: 'ratio', scale: 'binary' });
    expect(keeps('It was played by Catherine Tate.', 'The Catherine tate')).toEqual({
      value: 1,
      feedback: '',
    });
    expect(keeps('It was played by Billie Piper.', ['Catherine Tate', 'Tate'])).toEqual({
      value: 0,
      feedback: 'lost the answer "Catherine Tate"',
    });
    expect(keeps('Tate played it.', ['Catherine Tate', 'Tate']).value).toBe(1);
    expect(keeps('in 1999', 1999).value).toBe(1);
  });

  it('asks for whole words', () => {
    expect(keeps('They know it.', 'no').value).toBe(0);
    expect(keeps('in 1999', '9').value).toBe(0);
    expect(keeps('112 men came', '12 men').value).toBe(0);
    expect(keeps('a seven-layer cake', 'seven').value).toBe(1);
    expect(keeps('Al-Muwaffaq’s book', 'Al-Muwaffaq').value).toBe(1);
  });

  it('accepts an annotated answer that is cut off in its last word', () => {
    expect(
      keeps('7,000,000 square kilometres (2,700,000 sq mi)', '7,000,000 square kilometres (2,70').value,
    ).toBe(1);
  });

  it('scores an empty answer 0, and has no value without an answer to keep', () => {
    expect(keeps('', 'Ghent').value).toBe(0);
    expect(scoreOf(retained, text, { output: 'Ghent' })).toEqual({ value: null, feedback: '' });
    expect(keeps('Ghent', []).value).toBeNull();
    expect(keeps('', ['', 'the']).value).toBeNull();
  });

  it('reads the fields it is told to', () => {
    const named = createdMetric(answerRetained, { answer: 'target', field: 'short' });
    const answered = (output: string) =>
      scoreOf(named, { format: 'json' }, { output, expected: { target: 'Ghent' } }).value;
    expect(answered('{"short": ["He left.", "Ghent fell."]}')).toBe(1);
    expect(answered('{"long": "Ghent fell."}')).toBe(0);
  });

  it('names an example whose answer is no text', () => {
    expect(() => keeps('Ghent', { name: 'Ghent' })).toThrow('example one: expected.answer is not a text');
  });
});

describe('information_retention', () => {
  const retention = createdMetric(informationRetention);
  const context = 'In 1922 the chemist Lena Okafor left Ghent. The town had 40 bakers.';
  const kept = (output: string, expected: Record<string, unknown> = {}) =>
    scoreOf(retention, text, { output, expected, input: { context } });

  it('is the answer alone where no facts are expected', () => {
    expect(retention).toMatchObject({ direction: 'higher', unit: 'ratio', scale: 'graded' });
    expect(kept('Okafor left Ghent.', { answer: 'Ghent' })).toEqual({ value: 1, feedback: '' });
    expect(kept('Okafor left.', { answer: 'Ghent' })).toEqual({
      value: 0,
      feedback: 'lost the answer "Ghent"',
    });
  });

  it('is the mean share of the content words of facts, by stem and in any order', () => {
    const facts = ['The chemist left Ghent', 'Forty bakers baked'];
    expect(kept('leaving? Ghent was left by chemists; 40 baked, a baker', { facts }).value).toBe(1);
    expect(kept('A chemist in Ghent.', { facts })).toEqual({
      value: (2 / 3 + 0) / 2,
      feedback: 'lost of the facts: "Forty bakers baked", "The chemist left Ghent"',
    });
  });

  it('weighs the answer as much as all facts together', () => {
    const expected = { answer: 'Ghent', facts: ['bakers', 'chemist'] };
    expect(kept('Ghent', expected).value).toBe(0.5);
    expect(kept('bakers', expected)).toEqual({
      value: 0.25,
      feedback: 'lost the answer "Ghent"; lost of the facts: "chemist"',
    });
    expect(kept('Ghent bakers', expected).value).toBe(0.75);
  });

  it('is the names and numbers of the source where neither is expected', () => {
    expect(kept(context)).toEqual({ value: 1, feedback: '' });
    expect(kept('Lena Okafor left in 1922.')).toEqual({
      value: 3 / 5,
      feedback: 'lost names and numbers: "ghent", "40"',
    });
  });

  it('scores an empty answer 0, and has no value where there is nothing to keep', () => {
    for (const expected of [{}, { answer: 'Ghent' }, { facts: ['bakers'] }]) {
      expect(kept('', expected).value).toBe(0);
    }
    const nothing = { output: 'cats', input: { context: 'the cats sleep' } };
    expect(scoreOf(retention, text, nothing)).toEqual({ value: null, feedback: '' });
  });

  it('reads the fields it is told to', () => {
    const named = createdMetric(informationRetention, {
      answer: 'target',
      facts: 'points',
      source: 'passages',
      field: 'short',
    });
    const json: OutputFormat = { format: 'json' };
    const output = '{"short": "Ghent", "rest": "bakers Bruges"}';
    const scored = (expected: Record<string, unknown>) =>
      scoreOf(named, json, { output, expected, input: { passages: ['to Ghent', 'to Bruges'] } }).value;
    expect(scored({ target: 'Ghent' })).toBe(1);
    expect(scored({ points: ['bakers'] })).toBe(0);
    expect(scored({ answer: 'x', facts: ['y'] })).toBe(0.5);
  });

  it('names an example that has no source to fall back on', () => {
    expect(() => scoreOf(retention, text, { output: 'x' })).toThrow(
      'example one: input.context is not a text',
    );
  });

  it('is 1 for the source itself, and never falls when words are added', () => {
    const word = fc.constantFrom('Ghent', 'Bruges', 'Lena', 'bakers', 'left', '1922', '40', 'seven', '.');
    const said = fc.array(word, { minLength: 1, maxLength: 12 }).map((list) => `so ${list.join(' ')}`);
    fc.assert(
      fc.property(said, said, said, (source, short, more) => {
        const scored = (output: string) =>
          scoreOf(retention, text, { output, input: { context: source } }).value;
        expect([1, null]).toContain(scored(source));
        const value = scored(short) ?? 0;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(scored(`${short} ${more}`) ?? 0).toBeGreaterThanOrEqual(value);
      }),
    );
  });
});

describeTestSplit('what whole passages keep', 'context_compression', (examples) => {
  it('is the answer in all 100 examples, and in the gold passage alone', () => {
    const retained = createdMetric(answerRetained);
    const share = (passagesOf: (passages: readonly string[], gold: number) => readonly string[]) => {
      const values = examples().map(({ input, expected }) => {
        const passages = passagesOf(input['passages'] as string[], Number(expected['gold_passage']));
        return scoreOf(retained, text, { output: passages.join('\n'), expected }).value;
      });
      return values.filter((value) => value === 1).length;
    };
    expect(share((passages) => passages)).toBe(100);
    expect(share((passages, gold) => passages.filter((_, i) => i === gold))).toBe(100);
    expect(share((passages, gold) => passages.filter((_, i) => i !== gold))).toBe(0);
  });
});
