import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import type { Progress } from '../../src/evaluation/progress.ts';
import { ModelError } from '../../src/models/model.ts';
import { promptDigest } from '../../src/prompts/version.ts';
import { completion, fakeModel } from '../models/fake-model.ts';
import { accuracy, datasetOf, example, metricNamed, prompt, weighed } from './scripted.ts';

const ids = ['one', 'two', 'three', 'four', 'five', 'six'];
const dataset = datasetOf(ids.map((id) => example(id, 'red')));
const alwaysRed = () => completion({ text: 'red' });

describe('the order of results', () => {
  it('is that of the dataset, whatever the concurrency and however answers overtake each other', async () => {
    const delays = fc.array(fc.nat(4), { minLength: ids.length, maxLength: ids.length });
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 1, max: 8 }), async (turns, concurrency) => {
        const model = fakeModel(async (content) => {
          for (let turn = turns[ids.indexOf(content)] ?? 0; turn > 0; turn--) await Promise.resolve();
          return completion({ text: content });
        }, concurrency);
        const card = await evaluate(prompt, dataset, { model, metrics: [accuracy] });
        expect(card.results.map(({ example: id, output }) => [id, output])).toEqual(
          ids.map((id) => [id, id]),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('keeps each repeat with its example, all examples once before any twice', async () => {
    const model = fakeModel(alwaysRed, 3);
    const card = await evaluate(prompt, dataset, { model, metrics: [accuracy], repeats: 2 });
    expect(card.results.map(({ example: id, repeat }) => `${id} ${repeat}`)).toEqual([
      ...ids.map((id) => `${id} 0`),
      ...ids.map((id) => `${id} 1`),
    ]);
  });

  it('never has more requests under way than the model serves at once', async () => {
    let [open, most] = [0, 0];
    const model = fakeModel(async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return alwaysRed();
    }, 2);
    await evaluate(prompt, dataset, { model, metrics: [accuracy] });
    expect(most).toBe(2);
  });
});

describe('what is asked', () => {
  it('is the filled prompt with its parameters and the number of the repeat', async () => {
    const requests: unknown[] = [];
    const model = {
      ...fakeModel(alwaysRed, 1),
      complete: async (request: unknown) => {
        requests.push(request);
        return alwaysRed();
      },
    };
    const one = datasetOf([example('sky', 'blue')]);
    const card = await evaluate(prompt, one, { model, metrics: [accuracy], repeats: 2 });
    const messages = [
      { role: 'system', content: 'Name the colour.' },
      { role: 'user', content: 'sky' },
    ];
    const parse = expect.any(Function);
    expect(requests).toEqual([
      { messages, parameters: { temperature: 0 }, repeat: 0, parse },
      { messages, parameters: { temperature: 0 }, repeat: 1, parse },
    ]);
    expect(card.prompt).toEqual({
      id: 'colours/name',
      version: '1.0.0',
      model: 'fake/model',
      digest: promptDigest(prompt),
    });
    expect(card.dataset).toEqual({ path: one.path, digest: 'digest', split: 'test', n: 1 });
  });

  it('stops at data that cannot fill the prompt: no model can answer that', async () => {
    const model = fakeModel(alwaysRed);
    const empty = datasetOf([{ ...example('one', 'red'), input: {} }]);
    await expect(evaluate(prompt, empty, { model, metrics: [accuracy] })).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('{{text}}'),
    });
    expect(model.asked).toEqual([]);
  });
});

describe('failures', () => {
  it('names an example whose request failed, gives it no score, and measures the others', async () => {
    const model = fakeModel((content) => {
      if (content === 'three') throw new ModelError('the answer was cut off', { fatal: false, attempts: 4 });
      return alwaysRed();
    });
    const card = await evaluate(prompt, dataset, { model, metrics: [accuracy] });
    expect(card.failures).toEqual([{ example: 'three', error: 'the answer was cut off' }]);
    expect(card.results[2]).toMatchObject({ example: 'three', output: null, scores: {} });
    expect(card.metrics['label_accuracy']).toMatchObject({ mean: 1, n: 5, missing: 1 });
    expect(card.objective).toMatchObject({ mean: 1, n: 5, missing: 1 });
    expect(card.usage.calls).toBe(5);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('no gold label')), 'metric picky: no gold label'],
    ['gives NaN', () => ({ value: Number.NaN, feedback: '' }), 'metric picky: gave NaN, not a number'],
    ['gives Infinity', () => ({ value: 1 / 0, feedback: '' }), 'metric picky: gave Infinity, not a number'],
  ])('names a metric that %s, and the example has no objective', async (_, score, error) => {
    const picky = metricNamed('picky', {
      score: (input) => (input.example.id === 'two' ? score() : { value: 0, feedback: '' }),
    });
    const card = await evaluate(prompt, dataset, { model: fakeModel(alwaysRed), metrics: [picky, accuracy] });
    expect(card.failures).toEqual([{ example: 'two', error }]);
    expect(card.metrics['picky']).toMatchObject({ mean: 0, n: 5, missing: 1 });
    // The answer was right and the other metric says so; an objective of that metric alone would be 1, not 0.5.
    expect(card.metrics['label_accuracy']).toMatchObject({ mean: 1, n: 6, missing: 0 });
    expect(card.objective).toMatchObject({ mean: 0.5, n: 5, missing: 1 });
    expect(card.results[1]?.output).toBe('red');
  });

  it('ends the run at a fatal failure and asks nothing further', async () => {
    const model = fakeModel((content) => {
      if (content === 'two') throw new ModelError('the key is wrong', { fatal: true });
      return alwaysRed();
    }, 1);
    await expect(evaluate(prompt, dataset, { model, metrics: [accuracy] })).rejects.toThrow(
      'the key is wrong',
    );
    expect(model.asked).toEqual(['one', 'two']);
  });

  it('lets requests under way end after a fatal failure: their answers are paid for', async () => {
    const ended: string[] = [];
    const model = fakeModel(async (content) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (content === 'one') throw new ModelError('the key is wrong', { fatal: true });
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(content);
      return alwaysRed();
    }, 3);
    await expect(evaluate(prompt, dataset, { model, metrics: [accuracy] })).rejects.toThrow(
      'the key is wrong',
    );
    expect(ended).toEqual(['two', 'three']);
    expect(model.asked).toEqual(['one', 'two', 'three']);
  });

  it('are no scorecard when not one example was answered', async () => {
    const model = fakeModel(() => {
      throw new ModelError('overloaded', { fatal: false });
    });
    await expect(evaluate(prompt, dataset, { model, metrics: [accuracy] })).rejects.toMatchObject({
      kind: 'outside',
      message: 'colours/name: none of 6 examples was answered; the first, one: overloaded',
    });
  });

  it('does not take a fault of the program for a failure of the model', async () => {
    const model = fakeModel(() => {
      throw new TypeError('undefined is not a function');
    });
    await expect(evaluate(prompt, dataset, { model, metrics: [accuracy] })).rejects.toThrow(TypeError);
  });

  it('ends with the reason of an abort', async () => {
    const controller = new AbortController();
    const model = fakeModel((content) => {
      if (content === 'two') controller.abort(new Error('stopped by hand'));
      return alwaysRed();
    }, 1);
    const running = evaluate(prompt, dataset, { model, metrics: [accuracy], signal: controller.signal });
    await expect(running).rejects.toThrow('stopped by hand');
    expect(model.asked.length).toBeLessThan(ids.length);
  });
});

describe('the sums of a scorecard', () => {
  const prices = new Map([
    ['one', completion({ text: 'red', inputTokens: 100, outputTokens: 1, usd: 0.25, latencyMs: 10 })],
    [
      'two',
      completion({ text: 'blue', inputTokens: 200, outputTokens: 2, usd: 0.5, latencyMs: 30, attempts: 3 }),
    ],
    [
      'three',
      completion({ text: 'red', inputTokens: 300, outputTokens: 3, usd: 1, latencyMs: 20, cached: true }),
    ],
  ]);
  const three = datasetOf(['one', 'two', 'three'].map((id) => example(id, 'red')));
  const answer = (content: string) => prices.get(content) ?? completion();

  it('adds up calls, tokens, dollars and retries, and orders latencies', async () => {
    const card = await evaluate(prompt, three, { model: fakeModel(answer), metrics: [accuracy] });
    expect(card.usage).toEqual({
      calls: 3,
      cached: 1,
      inputTokens: 600,
      outputTokens: 6,
      usd: 1.75,
      retries: 2,
    });
    expect(card.latencyMs).toEqual({ median: 20, p95: 30 });
    expect(card.metrics['label_accuracy']?.mean).toBeCloseTo(2 / 3);
  });

  it('knows no dollars as soon as one price is not known', async () => {
    const model = fakeModel((content) => ({ ...answer(content), ...(content === 'two' && { usd: null }) }));
    const card = await evaluate(prompt, three, { model, metrics: [accuracy] });
    expect(card.usage.usd).toBeNull();
  });

  it('takes the nearest rank for the 95th percentile', async () => {
    const many = datasetOf(Array.from({ length: 20 }, (_, index) => example(`${index + 1}`, 'red')));
    const model = fakeModel((content) => completion({ text: 'red', latencyMs: Number(content) }));
    const card = await evaluate(prompt, many, { model, metrics: [accuracy] });
    expect(card.latencyMs).toEqual({ median: 10, p95: 19 });
  });

  it('tells its progress, the failures and the costs so far, once for each answer', async () => {
    const seen: Progress[] = [];
    const model = fakeModel((content) => {
      if (content === 'two') throw new ModelError('overloaded', { fatal: false });
      return answer(content);
    }, 1);
    await evaluate(prompt, three, {
      model,
      metrics: [accuracy],
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen).toEqual([
      { label: prompt.id, done: 1, total: 3, cached: 0, failed: 0, usd: 0.25 },
      { label: prompt.id, done: 2, total: 3, cached: 0, failed: 1, usd: 0.25 },
      { label: prompt.id, done: 3, total: 3, cached: 1, failed: 1, usd: 1.25 },
    ]);
  });
});

describe('repeats', () => {
  it('are averaged for each example, so that examples weigh the same', async () => {
    const counts = new Map<string, number>();
    // `one` is right in one of two repeats, `two` in its only one that was answered.
    const model = fakeModel((content) => {
      const turn = (counts.get(content) ?? 0) + 1;
      counts.set(content, turn);
      if (content === 'two' && turn === 2) throw new ModelError('overloaded', { fatal: false });
      return completion({ text: content === 'one' && turn === 2 ? 'blue' : 'red' });
    }, 1);
    const two = datasetOf(['one', 'two'].map((id) => example(id, 'red')));
    const card = await evaluate(prompt, two, { model, metrics: [accuracy], repeats: 2 });
    expect(card.metrics['label_accuracy']).toMatchObject({ mean: 0.75, n: 2, missing: 0 });
    expect(card.objective.mean).toBe(0.75);
  });
});

describe('metrics of the completion', () => {
  it('are reported in their unit and stay out of the objective', async () => {
    const metrics = [accuracy, weighed('latency', { weight: 0 }), weighed('cost', { weight: 0 })];
    const model = fakeModel(() => completion({ text: 'red', latencyMs: 40, usd: null }));
    const card = await evaluate(prompt, dataset, { model, metrics });
    expect(card.metrics['latency']).toMatchObject({ mean: 40, unit: 'ms', direction: 'lower' });
    expect(card.metrics['cost']).toMatchObject({ mean: null, interval: null, n: 0, missing: 6, unit: 'usd' });
    expect(card.objective.mean).toBe(1);
  });
});
