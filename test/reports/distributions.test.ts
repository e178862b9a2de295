import { describe, expect, it } from 'vitest';
import { distributionsOf } from '../../src/reports/distributions.ts';
import { rowsOf } from '../../src/reports/metric-rows.ts';
import { comparedPrompt } from './comparison-fixture.ts';

const prompt = comparedPrompt();
const rows = rowsOf(prompt, null, null);

function answers(values: readonly Readonly<Record<string, number | null>>[]) {
  const examples = values.map((each, index) => ({
    example: String(index),
    output: 'x',
    values: each,
    feedback: [],
  }));
  const n = examples.length;
  return { examples, dataset: { ...prompt.dataset, n }, usage: { ...prompt.usage, calls: n } };
}

describe('distributions', () => {
  it('are those of time, tokens and money, in the order of the table', () => {
    expect(distributionsOf(rows, prompt).map(({ name }) => name)).toEqual(['tokens', 'latency', 'cost']);
  });

  it('have the nearest rank as median and 95th percentile', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => ({ tokens: 20 - index }));
    expect(distributionsOf(rows, answers(twenty))).toMatchObject([{ name: 'tokens', median: 10, p95: 19 }]);
    expect(distributionsOf(rows, answers([{ tokens: 7 }]))).toMatchObject([{ median: 7, p95: 7 }]);
  });

  it('leave out answers without a value, and a metric without any', () => {
    const [tokens, ...others] = distributionsOf(
      rows,
      answers([{ tokens: 3, cost: null }, {}, { tokens: 1, cost: null }]),
    );
    expect(tokens?.values).toEqual([1, 3]);
    expect(others).toEqual([]);
  });

  it('are not shown of a run whose report holds the worst examples alone', () => {
    const worst = answers([{ tokens: 3 }, { tokens: 5 }]);
    expect(distributionsOf(rows, { ...worst, dataset: { ...worst.dataset, n: 3 } })).toEqual([]);
  });

  it('are not shown of the worst answers of few examples that were asked many times', () => {
    const worst = answers([{ tokens: 3 }, { tokens: 5 }]);
    expect(distributionsOf(rows, { ...worst, usage: { ...worst.usage, calls: 60 } })).toEqual([]);
  });
});
