import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FamilyMetric } from '../../src/config/load.ts';
import { compareScorecards } from '../../src/evaluation/compare.ts';
import type { ExampleResult, MetricComparison } from '../../src/evaluation/scorecard.ts';
import { accuracy, measured, metricNamed, results, scorecardOf, weighed } from './scripted.ts';

const quality = metricNamed('quality');
const rate = metricNamed('rate', { direction: 'lower' });

function compared(
  metric: FamilyMetric,
  base: readonly ExampleResult[],
  head: readonly ExampleResult[],
): MetricComparison {
  const comparison = compareScorecards(scorecardOf([metric], base), scorecardOf([metric], head, '1.1.0'), [
    metric,
  ]);
  const found = comparison.metrics[metric.metric.name];
  if (!found) throw new Error('the metric was not compared');
  return found;
}

/** Values that scatter, shifted by `shift`. */
const scattered = (name: string, n: number, shift: number, seed = 0) =>
  results(
    name,
    n,
    (index) => 0.3 + (((index + seed) * 7) % 11) / 40 + shift + ((index % 3) - 1) * 0.2 * shift,
  );

describe('the verdict', () => {
  it.each([
    [quality, 0.2, 'improvement'],
    [quality, -0.2, 'regression'],
    [rate, 0.2, 'regression'],
    [rate, -0.2, 'improvement'],
  ] as const)('of a clear change follows the direction of the metric', (metric, shift, verdict) => {
    const name = metric.metric.name;
    const result = compared(metric, scattered(name, 30, 0), scattered(name, 30, shift));
    expect(result.verdict).toBe(verdict);
    expect(result.difference).toBeCloseTo(shift);
    expect(result.n).toBe(30);
    expect((result.head ?? 0) - (result.base ?? 0)).toBeCloseTo(shift);
  });

  it('is inconclusive when gains and losses are as many', () => {
    const head = results('quality', 40, (index) => (index % 2 === 0 ? 0.7 : 0.3));
    const result = compared(
      quality,
      results('quality', 40, () => 0.5),
      head,
    );
    expect(result).toMatchObject({ verdict: 'inconclusive', p: 1 });
  });

  it('is inconclusive when nothing changed', () => {
    const same = scattered('quality', 40, 0);
    expect(compared(quality, same, same)).toMatchObject({ verdict: 'inconclusive', difference: 0, p: 1 });
  });

  it.each([
    [9, 'insufficient data'],
    [10, 'improvement'],
  ] as const)('with %i pairs is "%s"', (n, verdict) => {
    const result = compared(
      accuracy,
      results('label_accuracy', n, () => 0),
      results('label_accuracy', n, () => 1),
    );
    expect(result.verdict).toBe(verdict);
  });

  it.each([
    [4, 'improvement'],
    [5, 'unreliable baseline'],
  ] as const)('with %i of 20 base answers failed is "%s"', (failures, verdict) => {
    const base = results(
      'quality',
      20,
      (index) => (index < failures ? null : 0.1),
      (index) => (index < failures ? { failure: 'overloaded', output: null } : {}),
    );
    const result = compared(
      quality,
      base,
      results('quality', 20, () => 0.9),
    );
    expect(result.verdict).toBe(verdict);
  });

  it('is insufficient where no example has a value in both', () => {
    const result = compared(
      quality,
      results('quality', 20, () => null),
      results('quality', 20, () => 1),
    );
    expect(result).toEqual({
      adjustedP: null,
      margin: null,
      detectable: null,
      base: null,
      head: null,
      difference: null,
      interval: null,
      p: null,
      n: 0,
      verdict: 'insufficient data',
    });
  });

  it('of right-or-wrong answers rests on the pairs that changed', () => {
    // 9 gains and 1 loss: McNemar mid-p = 2 P(X = 0) + P(X = 1) for 10 fair coins.
    const base = results('label_accuracy', 100, (index) => (index < 9 ? 0 : 1));
    const head = results('label_accuracy', 100, (index) => (index === 9 ? 0 : 1));
    const result = compared(accuracy, base, head);
    expect(result.p).toBeCloseTo((2 * 1 + 10) / 1024, 10);
    expect(result.verdict).toBe('improvement');
  });
});

describe('pairs', () => {
  it('are the examples both have a value for, matched by id and not by place', () => {
    const base = [
      measured('a', { quality: 0.2 }),
      measured('b', { quality: 0.4 }),
      measured('c', { quality: 1 }),
    ];
    const head = [
      measured('d', { quality: 0 }),
      measured('b', { quality: 0.5 }),
      measured('a', { quality: 0.4 }),
    ];
    const result = compared(quality, base, head);
    expect(result.n).toBe(2);
    expect(result.base).toBeCloseTo(0.3);
    expect(result.head).toBeCloseTo(0.45);
    expect(result.difference).toBeCloseTo(0.15);
  });

  it('keep the examples of a cluster together, which makes chance likelier', () => {
    const cluster = (index: number) => ({ cluster: `document ${index % 4}` });
    const gain = (index: number) => (index % 4 === 0 ? 0.1 : 0.6);
    const apart = compared(
      quality,
      results('quality', 40, () => 0.2),
      results('quality', 40, gain),
    );
    const together = compared(
      quality,
      results('quality', 40, () => 0.2, cluster),
      results('quality', 40, gain, cluster),
    );
    expect(apart.verdict).toBe('improvement');
    expect(together.difference).toBeCloseTo(apart.difference ?? Number.NaN);
    expect(together.verdict).toBe('inconclusive');
  });

  it('have no objective where a metric failed on either side', () => {
    const metrics = [quality, rate];
    const base = results('quality', 12, () => 0.5).map((result) => ({
      ...result,
      scores: { ...result.scores, rate: { value: 0.5, feedback: '' } },
    }));
    const [first, ...others] = base;
    if (!first) throw new Error('there are twelve');
    const head = [
      { ...first, scores: { quality: { value: 1, feedback: '' } }, failure: 'metric rate: broken' },
      ...others,
    ];
    const { objective } = compareScorecards(scorecardOf(metrics, base), scorecardOf(metrics, head), metrics);
    expect(objective).toMatchObject({ n: 11, difference: 0 });
  });
});

describe('a pooled metric', () => {
  const f1 = weighed('entity_f1', { name: 'f1' });
  const counted = (id: string, hits: number, size: number) =>
    measured(id, {
      f1: { value: hits / size, feedback: '', counts: { '': { hits, predicted: size, expected: size } } },
    });
  const sizes = Array.from({ length: 24 }, (_, index) => 1 + (index % 5) * 2);
  const base = sizes.map((size, index) => counted(`e${index}`, Math.floor(size / 3), size));
  const head = sizes.map((size, index) => counted(`e${index}`, Math.ceil(size * 0.8), size));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

  it('is compared by its pooled values', () => {
    const result = compared(f1, base, head);
    const [before, after] = [
      sum(sizes.map((size) => Math.floor(size / 3))) / sum(sizes),
      sum(sizes.map((size) => Math.ceil(size * 0.8))) / sum(sizes),
    ];
    expect(result.base).toBeCloseTo(before);
    expect(result.head).toBeCloseTo(after);
    expect(result.difference).toBeCloseTo(after - before);
    const [low, high] = result.interval ?? [Number.NaN, Number.NaN];
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(after - before);
    expect(high).toBeGreaterThan(after - before);
    expect(result.verdict).toBe('improvement');
  });

  it('is inconclusive against itself', () => {
    expect(compared(f1, base, base)).toMatchObject({ difference: 0, p: 1, verdict: 'inconclusive' });
  });
});

describe('gated metrics together', () => {
  it('share one error rate: a difference that is significant alone is not among many', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const metrics = names.map((name) => ({ ...metricNamed(name), gate: { maxDrop: 0 } }));
    const rows = (shift: number) =>
      Array.from({ length: 40 }, (_, index) =>
        measured(
          `e${index}`,
          Object.fromEntries(
            names.map((name) => {
              const noise = (((index + (name === 'a' ? 0 : 3)) * 7) % 13) / 40;
              return [
                name,
                {
                  value: 0.5 + shift * (name === 'a' ? 1 : 0) * noise * (index % 3 === 0 ? -1 : 1),
                  feedback: '',
                },
              ];
            }),
          ),
        ),
      );
    const compareAs = (gated: typeof metrics) =>
      compareScorecards(scorecardOf(gated, rows(0)), scorecardOf(gated, rows(-0.35)), gated).metrics['a'];
    const [alone, together] = [compareAs(metrics.slice(0, 1)), compareAs(metrics)];
    expect(together?.p).toBe(alone?.p);
    expect(together?.adjustedP).toBeCloseTo(5 * (alone?.p ?? 0), 10);
  });
});

describe('the margin of a gate', () => {
  const gated = { ...quality, gate: { maxDrop: 0.05 } };
  const noisy = (shift: number) =>
    results('quality', 60, (index) => 0.5 + shift + (((index * 7) % 11) - 5) / 400);

  it('makes a small difference equivalent', () => {
    expect(
      compared(
        gated,
        results('quality', 60, () => 0.5),
        noisy(0.01),
      ),
    ).toMatchObject({ margin: 0.05 });
    const head = noisy(0).map((result, index) => ({
      ...result,
      ...noisy((index % 2) * 0.004 - 0.002)[index],
    }));
    expect(compared(gated, noisy(0), head).verdict).toBe('equivalent');
    expect(compared(quality, noisy(0), head).verdict).toBe('inconclusive');
  });

  it('is not enough where a bound of the interval falls on it', () => {
    // Of 100 rows one is lost and one won: the interval's bounds are whole hundredths.
    const outcome = (swap: boolean) => results('quality', 100, (index) => (index === (swap ? 1 : 0) ? 0 : 1));
    const { interval } = compared(quality, outcome(false), outcome(true));
    const margin = Math.max(-(interval?.[0] ?? 0), interval?.[1] ?? 0);
    const at = (maxDrop: number) =>
      compared({ ...quality, gate: { maxDrop } }, outcome(false), outcome(true)).verdict;
    expect(at(margin)).toBe('inconclusive');
    expect(at(margin + 1e-6)).toBe('equivalent');
  });

  it('is a share of the base where it is written so', () => {
    const relative = { ...quality, gate: { maxDrop: '10%' } };
    expect(compared(relative, noisy(0), noisy(0)).margin).toBeCloseTo(0.05, 2);
  });
});

it('an interval is not without width because no row differs', () => {
  const same = results('quality', 12, (index) => index / 12);
  const { interval, detectable } = compared(quality, same, same);
  expect(interval?.[1]).toBeCloseTo(1 - 0.025 ** (1 / 12), 10);
  expect(interval?.[0]).toBeCloseTo(-(1 - 0.025 ** (1 / 12)), 10);
  expect(detectable).toBeNull();
});

describe('slices', () => {
  const tagged = (shift: number) =>
    results(
      'quality',
      60,
      (index) => 0.4 + ((index * 7) % 11) / 40 + (index < 30 ? shift * (0.5 + (index % 5) / 8) : 0),
    ).map((result, index) => ({ ...result, tags: ['all', index < 30 ? 'short' : 'long', `row:${index}`] }));
  const card = (shift: number) => scorecardOf([quality], tagged(shift));

  it('show where the objective fell; tags of all rows or of few are none', () => {
    const { slices } = compareScorecards(card(0), card(-0.3), [quality]);
    expect(slices.map(({ tag, n, verdict }) => [tag, n, verdict])).toEqual([
      ['long', 30, 'inconclusive'],
      ['short', 30, 'regression'],
    ]);
  });
});

describe('swapping base and head', () => {
  const mirrored = { improvement: 'regression', regression: 'improvement' } as const;

  it('turns every difference, interval and verdict round and keeps p', () => {
    const value = fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10);
    const pairs = fc.array(fc.tuple(value, value), { minLength: 10, maxLength: 25 });
    fc.assert(
      fc.property(pairs, fc.boolean(), (values, lower) => {
        const metric = metricNamed('m', { direction: lower ? 'lower' : 'higher' });
        const base = results('m', values.length, (index) => values[index]?.[0] ?? 0);
        const head = results('m', values.length, (index) => values[index]?.[1] ?? 0);
        const forward = compared(metric, base, head);
        const backward = compared(metric, head, base);
        expect(backward.difference).toBeCloseTo(-(forward.difference ?? Number.NaN), 10);
        expect(backward.p).toBeCloseTo(forward.p ?? Number.NaN, 10);
        expect(backward.interval?.[0]).toBeCloseTo(-(forward.interval?.[1] ?? Number.NaN), 6);
        expect(backward.interval?.[1]).toBeCloseTo(-(forward.interval?.[0] ?? Number.NaN), 6);
        const { verdict } = forward;
        expect(backward.verdict).toBe(
          verdict === 'improvement' || verdict === 'regression' ? mirrored[verdict] : verdict,
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe('a comparison', () => {
  it('names the base by its version and judges gates on the head', () => {
    const gated = { ...quality, gate: { min: 0.5 } };
    const base = scorecardOf([gated], scattered('quality', 20, 0), '2.3.0');
    const head = scorecardOf(
      [gated],
      results('quality', 20, () => 0.4),
      '2.4.0',
    );
    const comparison = compareScorecards(base, head, [gated]);
    expect(comparison.base).toBe('2.3.0');
    expect(comparison.gate).toEqual({
      passed: false,
      reasons: ['quality is 0.4, below the least allowed 0.5'],
      notes: [],
    });
  });
});

describe('the confidence of the objective', () => {
  const objectiveAt = (confidence: number, shift: number) =>
    compareScorecards(
      scorecardOf([quality], scattered('quality', 30, 0)),
      scorecardOf([quality], scattered('quality', 30, shift), '1.1.0'),
      [quality],
      { confidence },
    ).objective;

  it('is told where it is not 95%, and decides what can be detected', () => {
    const [usual, lower] = [objectiveAt(0.95, 0.02), objectiveAt(0.8, 0.02)];
    expect(usual.confidence).toBeUndefined();
    expect(lower.confidence).toBe(0.8);
    // z(0.9) + z(0.8) against z(0.975) + z(0.8).
    expect((lower.detectable ?? 0) / (usual.detectable ?? 1)).toBeCloseTo(2.1232 / 2.8016, 3);
  });

  it('is that of the interval also where nothing differs', () => {
    expect(objectiveAt(0.95, 0).interval?.[1]).toBeCloseTo(1 - 0.025 ** (1 / 30), 12);
    expect(objectiveAt(0.8, 0).interval?.[1]).toBeCloseTo(1 - 0.1 ** (1 / 30), 12);
  });
});
