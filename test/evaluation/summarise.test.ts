import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectiveOf } from '../../src/evaluation/objective.ts';
import { mergeCounts, metricSamples } from '../../src/evaluation/samples.ts';
import { summarise } from '../../src/evaluation/summarise.ts';
import type { Counts, Score } from '../../src/metrics/metric.ts';
import { wilsonInterval } from '../../src/statistics/wilson.ts';
import { accuracy, measured, metricNamed, results, weighed } from './scripted.ts';

const score = (value: number | null): Score => ({ value, feedback: '' });

describe('the objective of an example', () => {
  const good = metricNamed('good', {}, 3);
  const bad = metricNamed('bad', { direction: 'lower' }, 1);

  it('is the weighted mean, with a rate to be lowered turned round', () => {
    expect(objectiveOf([good, bad], { good: score(0.5), bad: score(0.2) })).toBeCloseTo((3 * 0.5 + 0.8) / 4);
  });

  it('leaves the weight of a metric that does not apply to the others', () => {
    expect(objectiveOf([good, bad], { good: score(0.5), bad: score(null) })).toBe(0.5);
    expect(objectiveOf([good, bad], { bad: score(0.2) })).toBeCloseTo(0.8);
  });

  it('is none where no weighed metric applies', () => {
    expect(objectiveOf([good, bad], {})).toBeNull();
    expect(objectiveOf([metricNamed('only', {}, 0)], { only: score(1) })).toBeNull();
  });

  it('stays in [0, 1] and within the values it is made of', () => {
    const entry = fc.record({
      value: fc.double({ min: 0, max: 1, noNaN: true }),
      weight: fc.integer({ min: 1, max: 9 }),
      lower: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), (entries) => {
        const metrics = entries.map(({ weight, lower }, index) =>
          metricNamed(`m${index}`, { direction: lower ? 'lower' : 'higher' }, weight),
        );
        const scores = Object.fromEntries(entries.map(({ value }, index) => [`m${index}`, score(value)]));
        const turned = entries.map(({ value, lower }) => (lower ? 1 - value : value));
        const objective = objectiveOf(metrics, scores);
        expect(objective).toBeGreaterThanOrEqual(Math.min(...turned) - 1e-12);
        expect(objective).toBeLessThanOrEqual(Math.max(...turned) + 1e-12);
      }),
    );
  });
});

describe('a summary', () => {
  it('has the Wilson interval for independent right-or-wrong values', () => {
    const summary = summarise(
      accuracy.metric,
      results('label_accuracy', 40, (index) => (index < 30 ? 1 : 0)),
    );
    expect(summary).toMatchObject({ mean: 0.75, n: 40, missing: 0 });
    expect(summary.interval).toEqual(wilsonInterval(30, 40));
  });

  it('is in more doubt when examples of one cluster stand or fall together', () => {
    const values = (index: number) => (Math.floor(index / 5) % 2 === 0 ? 1 : 0);
    const apart = summarise(accuracy.metric, results('label_accuracy', 40, values));
    const together = summarise(
      accuracy.metric,
      results('label_accuracy', 40, values, (index) => ({ cluster: `document ${Math.floor(index / 5)}` })),
    );
    const width = (interval: readonly [number, number] | null) => (interval ? interval[1] - interval[0] : 0);
    expect(together.mean).toBe(apart.mean);
    expect(width(together.interval)).toBeGreaterThan(1.4 * width(apart.interval));
  });

  it('does not take averaged repeats for single trials', () => {
    // Half of the examples are right once in two repeats, half always: 15 of 20, and surer than 15 of 20 single trials.
    const twice = [0, 1].flatMap((repeat) =>
      results(
        'label_accuracy',
        20,
        (index) => (index < 10 ? repeat : 1),
        () => ({ repeat }),
      ),
    );
    const { mean, n, interval } = summarise(accuracy.metric, twice);
    expect({ mean, n }).toEqual({ mean: 0.75, n: 20 });
    expect(interval?.[0]).toBeGreaterThan((wilsonInterval(15, 20)?.[0] ?? 1) + 0.05);
  });

  it('is in doubt about shares that are all equal, and not about equal costs', () => {
    const rate = metricNamed('rate').metric;
    const [low, high] = summarise(
      rate,
      results('rate', 10, () => 1),
    ).interval ?? [0, 0];
    expect([low, high]).toEqual(wilsonInterval(10, 10));
    const time = metricNamed('time', { unit: 'ms' }).metric;
    expect(
      summarise(
        time,
        results('time', 10, () => 40),
      ).interval,
    ).toEqual([40, 40]);
  });

  it('is in doubt about equal shares whatever rounding makes of clusters of several sizes', () => {
    const sizes = (index: number) => ({ cluster: String(Math.floor(Math.sqrt(2 * index))) });
    const rate = metricNamed('rate').metric;
    const [low, high] = summarise(
      rate,
      results('rate', 30, () => 0.1, sizes),
    ).interval ?? [0, 0];
    expect(high - low).toBeGreaterThan(0.1);
  });

  it('is in as much doubt about equal shares as its clusters are few, not its examples', () => {
    const rate = metricNamed('rate').metric;
    const inTwo = results(
      'rate',
      100,
      () => 1,
      (index) => ({ cluster: index < 50 ? 'first' : 'second' }),
    );
    expect(summarise(rate, inTwo).interval).toEqual(wilsonInterval(2, 2));
  });

  it('counts examples without a value as missing, however often they were asked', () => {
    const twice = [0, 1].flatMap((repeat) =>
      results(
        'label_accuracy',
        10,
        (index) => (index === 3 ? null : 1),
        () => ({ repeat }),
      ),
    );
    expect(summarise(accuracy.metric, twice)).toMatchObject({ mean: 1, n: 9, missing: 1 });
  });

  it('is the same at every call', () => {
    const graded = metricNamed('graded').metric;
    const values = results('graded', 30, (index) => ((index * 7) % 11) / 10);
    expect(summarise(graded, values)).toEqual(summarise(graded, values));
    expect(summarise(graded, values)).toEqual(summarise(graded, [...values].reverse()));
  });
});

describe('a pooled metric', () => {
  const { metric } = weighed('entity_f1', { name: 'f1' });
  const counted = (id: string, hits: number, predicted: number, expected: number) => {
    const counts: Record<string, Counts> = { '': { hits, predicted, expected } };
    const value = predicted + expected === 0 ? 1 : (2 * hits) / (predicted + expected);
    return measured(id, { f1: { value, feedback: '', counts } });
  };

  it('is the ratio of sums, not the mean of ratios, with an interval around it', () => {
    const examples = [counted('long', 9, 10, 10), counted('short', 0, 1, 1), counted('right', 1, 1, 1)];
    const summary = summarise(metric, examples);
    expect(summary.mean).toBeCloseTo(20 / 24);
    const [low, high] = summary.interval ?? [Number.NaN, Number.NaN];
    expect(low).toBeLessThan(20 / 24);
    expect(high).toBeGreaterThan(20 / 24);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1);
  });

  it('is in doubt about a ratio that no example changes', () => {
    const right = Array.from({ length: 5 }, (_, index) => counted(String(index), 3, 3, 3));
    expect(summarise(metric, right)).toMatchObject({ mean: 1, interval: wilsonInterval(5, 5) });
  });

  it('needs no more memory where each answer calls its classes by names of its own', () => {
    const typed = Array.from({ length: 6_000 }, (_, index) => {
      const counts: Record<string, Counts> = {
        person: { hits: 1, predicted: 1, expected: 2 },
        [`invented ${index}`]: { hits: 0, predicted: 1, expected: 0 },
      };
      return measured(String(index), { f1: { value: 0.5, feedback: '', counts } });
    });
    const before = process.memoryUsage().arrayBuffers;
    const summary = summarise(metric, typed);
    expect(summary.mean).toBeCloseTo(0.5);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
  });

  it('adds up the counts of all repeats', () => {
    const [first, second] = [counted('one', 1, 2, 2), { ...counted('one', 2, 2, 2), repeat: 1 }];
    const [sample] = metricSamples(metric, [first, second]);
    expect(sample?.counts).toEqual({ '': { hits: 3, predicted: 4, expected: 4 } });
    expect(sample?.value).toBe(0.75);
  });

  it('has no value without examples', () => {
    expect(summarise(metric, [])).toMatchObject({ mean: null, interval: null, n: 0 });
  });

  it('takes a class that a model called like a property of every object for a class like any other', () => {
    const one = { hits: 1, predicted: 2, expected: 3 };
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const item = Object.fromEntries([[name, one]]);
      const merged = mergeCounts([item, item]);
      expect(Object.entries(merged)).toEqual([[name, { hits: 2, predicted: 4, expected: 6 }]]);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.hasOwn(Object, 'hits')).toBe(false);
  });
});
