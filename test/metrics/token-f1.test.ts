import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { exactMatch } from '../../src/metrics/exact-match.ts';
import { squadF1 } from '../../src/metrics/squad.ts';
import { tokenF1 } from '../../src/metrics/token-f1.ts';
import { createdMetric } from './created-metric.ts';
import { describeGoldens } from './goldens.ts';
import { scoreOf } from './metric-input.ts';
import { describeTestSplit } from './shared-datasets.ts';

const text: OutputFormat = { format: 'text', field: 'answer' };

describe('token_f1', () => {
  const f1 = (output: string, answer: unknown, options = {}) =>
    scoreOf(createdMetric(tokenF1, { field: 'answer', ...options }), text, { output, expected: { answer } });

  it('is the best overlap with an accepted answer', () => {
    expect(f1('The Norse leader', ['Rollo', 'Norse leader Rollo'])).toEqual({
      value: 0.8,
      feedback: 'answered "The Norse leader", should be "Rollo"',
    });
    expect(f1('a Rollo!', 'rollo')).toEqual({ value: 1, feedback: '' });
  });

  it('does not take silence for the empty answer, but a word that stands for it', () => {
    expect(f1('', []).value).toBe(0);
    expect(f1('unanswerable', []).value).toBe(0);
    const options = { abstention: 'unanswerable' };
    expect(f1('', [], options).value).toBe(0);
    expect(f1('Unanswerable.', [], options)).toEqual({ value: 1, feedback: '' });
    expect(f1('Unanswerable.', 'unanswerable', options).value).toBe(1);
    expect(f1('Rollo', [], options).feedback).toBe('answered "Rollo", should be "unanswerable"');
    expect(f1('unanswerable question', 'question', options).value).toBeCloseTo(2 / 3);
  });

  it('is symmetric, in [0, 1], 1 for the same tokens in any order, 0 for none in common', () => {
    const words = fc.array(fc.constantFrom('red', 'green', 'blue', 'black'), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [left, right] = [a.join(' '), b.join(' ')];
        const value = squadF1(left, [right]);
        expect(value).toBe(squadF1(right, [left]));
        expect(value).toBeLessThanOrEqual(1);
        expect(value > 0).toBe(a.some((word) => b.includes(word)));
        expect(squadF1(a.toReversed().join(' '), [left])).toBe(1);
        expect(squadF1(left, [right, left])).toBe(1);
      }),
    );
  });
});

describe('abstaining under exact_match', () => {
  const match = (output: string, answer: unknown, options = {}) =>
    scoreOf(createdMetric(exactMatch, { field: 'answer', ...options }), text, {
      output,
      expected: { answer },
    });

  it.each(['none', 'squad'])(
    'is a word that counts as the empty answer on both sides (normalise: %s)',
    (normalise) => {
      const options = { normalise, abstention: 'unanswerable' };
      expect(match('Unanswerable', [], options).value).toBe(1);
      expect(match('unanswerable', 'unanswerable', options).value).toBe(1);
      expect(match('unanswerable', 'Rollo', options).value).toBe(0);
      expect(match('Rollo', [], options)).toEqual({
        value: 0,
        feedback: 'answered "Rollo", should be "unanswerable"',
      });
      expect(match('', [], options).value).toBe(0);
      expect(match('unanswerable', [], { normalise }).value).toBe(0);
    },
  );

  it('needs a word', () => {
    expect(exactMatch.options.safeParse({ field: 'a', abstention: 'The' }).success).toBe(false);
  });
});

describeTestSplit('always abstaining on SQuAD 2.0', 'answer_generation', (examples) => {
  const mean = (definition: typeof exactMatch | typeof tokenF1, output: string, options = {}) => {
    const metric = createdMetric(definition, { field: 'answers', ...options });
    const format: OutputFormat = { format: 'text', field: 'answers' };
    const values = examples().map(({ expected }) => scoreOf(metric, format, { output, expected }).value ?? 0);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };

  it('gives a quarter, as the data has it; a blank answer gives nothing', () => {
    const options = { abstention: 'unanswerable' };
    expect(mean(exactMatch, 'unanswerable', { ...options, normalise: 'squad' })).toBe(0.25);
    expect(mean(tokenF1, 'unanswerable', options)).toBe(0.25);
    expect(mean(exactMatch, '', { ...options, normalise: 'squad' })).toBe(0);
    expect(mean(tokenF1, '', options)).toBe(0);
  });
});

type Squad = {
  cases: { gold: string; pred: string; f1: number }[];
  multi: { golds: string[]; pred: string; f1: number }[];
};

describeGoldens<Squad>('SQuAD 2.0 token F1', 'squad.json', (goldens) => {
  it('is that of the official script', () => {
    const { cases, multi } = goldens();
    expect(cases.length).toBeGreaterThan(20);
    for (const { gold, pred, f1 } of cases)
      expect(squadF1(pred, [gold]), `${gold} | ${pred}`).toBeCloseTo(f1, 12);
    for (const { golds, pred, f1 } of multi) expect(squadF1(pred, golds)).toBeCloseTo(f1, 12);
  });
});
