import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { completion, fakeModel } from '../models/fake-model.ts';
import { accuracy, datasetOf, example, metricNamed, prompt, weighed } from './scripted.ts';

const dataset = datasetOf(['red', 'green', 'blue', 'red'].map((label, index) => example(`e${index}`, label)));
const alwaysRed = () => fakeModel(() => completion({ text: 'red' }));
const half = metricNamed('half', { score: () => ({ value: 0.5, feedback: '' }) });
const passRateOf = async (at: number, metrics = [accuracy, half]) => {
  const card = await evaluate(prompt, dataset, {
    model: alwaysRed(),
    metrics: [weighed('pass_rate', { at, weight: 0 }), ...metrics],
  });
  return { ...card.metrics['pass_rate'], objective: card.objective.mean };
};

describe('the pass rate', () => {
  it('is the share of examples whose objective reaches the mark, wherever the metric stands', async () => {
    // Two answers of four are right: objectives .75, .25, .25, .75.
    expect(await passRateOf(0.75)).toMatchObject({ mean: 0.5, n: 4, objective: 0.5 });
    expect(await passRateOf(0.76)).toMatchObject({ mean: 0 });
    expect(await passRateOf(0.25)).toMatchObject({ mean: 1 });
  });

  it('is not known of an example on which a metric failed', async () => {
    const broken = metricNamed('broken', {
      score: ({ example: { id } }) => {
        if (id === 'e1') throw new Error('broken');
        return { value: 1, feedback: '' };
      },
    });
    expect(await passRateOf(0.5, [accuracy, broken])).toMatchObject({ n: 3, missing: 1 });
  });

  it('is not known where no metric has a weight', async () => {
    expect(await passRateOf(0.5, [{ ...accuracy, weight: 0 }])).toMatchObject({ mean: null, n: 0 });
  });
});
