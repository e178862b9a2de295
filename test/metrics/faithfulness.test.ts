import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { faithfulness } from '../../src/metrics/faithfulness.ts';
import { precisionRecall } from '../../src/metrics/precision-recall.ts';
import { contextPrecisionOf, shareOf } from '../../src/metrics/ragas.ts';
import { createdMetric } from './created-metric.ts';
import { describeGoldens } from './goldens.ts';
import { scoreOf } from './metric-input.ts';

const text: OutputFormat = { format: 'text', field: 'answer' };
const context =
  'Around 1800 Richard Trevithick and, separately, Oliver Evans in 1801 introduced engines using high-pressure steam. ' +
  'These were much more powerful and could be made small enough for transport. The city has twelve stations.';

function scored(output: string, options: Record<string, unknown> = {}, input = { context }) {
  return scoreOf(createdMetric(faithfulness, options), text, { output, input });
}

describe('faithfulness by words', () => {
  it('is higher where better, in [0, 1]', () => {
    expect(createdMetric(faithfulness)).toMatchObject({
      direction: 'higher',
      unit: 'ratio',
      scale: 'graded',
    });
  });

  it('is the share of sentences that the source supports, whatever the form of their words', () => {
    const answer = 'Oliver Evans was introducing an engine of high pressure. Penguins rule the frozen moon.';
    expect(scored(answer)).toEqual({
      value: 0.5,
      feedback:
        'the source does not support: "Penguins rule the frozen moon." (it lacks "penguins", "rule", "frozen", "moon")',
    });
    expect(scored('Powerful engines used steam.')).toEqual({ value: 1, feedback: '' });
  });

  it('asks for every name and number, however much else is there', () => {
    expect(scored('Engines using high-pressure steam were introduced by Watt.').value).toBe(0);
    expect(scored('In 1799 engines using high-pressure steam were introduced.').value).toBe(0);
    expect(scored('In 1801 engines using high-pressure steam were introduced by Evans.').value).toBe(1);
    expect(scored('The city has 12 stations.').value).toBe(1);
    expect(scored('The city has thirteen stations.').value).toBe(0);
  });

  it('asks for three fifths of the other words', () => {
    expect(scored('strange engines of great steam pressure').value).toBe(1);
    expect(scored('strange engines of great vapour pressure').value).toBe(0);
  });

  it('has no value for an answer that claims nothing', () => {
    for (const answer of ['Yes.', 'no', 'It is.', '…']) expect(scored(answer).value).toBeNull();
    expect(scored('Yes, engines using steam.').value).toBe(1);
    expect(scored('Unanswerable.').value).toBe(0);
    expect(scored('Unanswerable.', { abstention: 'unanswerable' })).toEqual({ value: null, feedback: '' });
  });

  it('is 0 for an empty answer', () => {
    expect(scored(' ')).toEqual({ value: 0, feedback: 'the answer is empty' });
    const json: OutputFormat = { format: 'json' };
    const answered = { output: '{"reason": "Evans"}', input: { context } };
    expect(scoreOf(createdMetric(faithfulness, { field: 'answer' }), json, answered).value).toBe(0);
    expect(scoreOf(createdMetric(faithfulness, { field: 'reason' }), json, answered).value).toBe(1);
  });

  it('reads several fields and lists of passages as one source', () => {
    const input = {
      passages: ['Ghent is a city.', 'Lena Okafor lives there.'],
      question: 'Who lives in it?',
    };
    const metric = createdMetric(faithfulness, { source: ['passages', 'question'] });
    expect(scoreOf(metric, text, { output: 'Lena Okafor lives in the city Ghent.', input }).value).toBe(1);
    expect(() => scored('x', { source: 'text' })).toThrow('example one: input.text is not a text');
  });

  it('is 1 for sentences of the source and falls with each that is not of it', () => {
    const word = fc.stringMatching(/^[b-df-hj-np-tv-xz]{3,8}$/);
    const sentence = fc
      .array(word, { minLength: 1, maxLength: 6 })
      .map((words) => `The ${words.join(' ')} here.`);
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 5 }), fc.nat(5), (said, invented) => {
        const strangers = Array.from({ length: invented }, (_, at) => `The aeiou${at} of ooooo${at} there.`);
        const { value } = scored([...said, ...strangers].join(' '), {}, { context: said.join(' ') });
        expect(value).toBeCloseTo(said.length / (said.length + invented), 12);
      }),
    );
  });
});

type Ragas = {
  cases: (
    | { metric: 'faithfulness' | 'context_precision'; verdicts: number[]; expected: number }
    | { metric: 'factual_correctness_f1'; tp: number; fp: number; fn: number; expected: number }
  )[];
};

describeGoldens<Ragas>('the formulas of RAGAS', 'ragas_formulas.json', (goldens) => {
  it('are reproduced', () => {
    const { cases } = goldens();
    expect(cases.length).toBeGreaterThan(8);
    for (const known of cases) {
      if (known.metric === 'factual_correctness_f1') {
        const { tp, fp, fn } = known;
        const { f1 } = precisionRecall({ hits: tp, predicted: tp + fp, expected: tp + fn });
        expect(f1).toBeCloseTo(known.expected, 2);
      } else {
        const formula = known.metric === 'faithfulness' ? shareOf : contextPrecisionOf;
        expect(formula(known.verdicts.map((verdict) => verdict === 1))).toBeCloseTo(known.expected, 13);
      }
    }
  });

  it('have no value without a claim, where RAGAS has NaN', () => {
    expect(shareOf([])).toBeNull();
  });
});
