import { expect, it } from 'vitest';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { ModelError } from '../../src/models/model.ts';
import { completion, fakeModel } from '../models/fake-model.ts';
import { accuracy, datasetOf, example, metricNamed, prompt } from './scripted.ts';

const dataset = datasetOf(['red', 'green', 'blue'].map((label, index) => example(`e${index}`, label)));
const judged = (fatal: boolean) =>
  metricNamed('judged', {
    score: () => {
      throw new ModelError('judge/model: HTTP 401', { fatal });
    },
  });
const evaluateWith = (fatal: boolean) => {
  const model = fakeModel(() => completion({ text: 'red' }), 1);
  return { model, card: evaluate(prompt, dataset, { model, metrics: [accuracy, judged(fatal)] }) };
};

it('a judge that nobody can ask ends the run at once', async () => {
  const { model, card } = evaluateWith(true);
  await expect(card).rejects.toThrow('judge/model: HTTP 401');
  expect(model.asked).toHaveLength(1);
});

it('a judge that failed on one answer is named there, and the run goes on', async () => {
  const { model, card } = evaluateWith(false);
  expect((await card).failures).toHaveLength(3);
  expect(model.asked).toHaveLength(3);
});
