import { describe, expect, test } from 'vitest';
import type { FamilyMetric } from '../../src/config/load.ts';
import { compareScorecards } from '../../src/evaluation/compare.ts';
import type { Comparison, Verdict } from '../../src/evaluation/scorecard.ts';
import type { Score } from '../../src/metrics/metric.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';
import { measured, metricNamed, scorecardOf, weighed } from './scripted.ts';

/** What base and head scored on one example, repeat by repeat. */
type Row = { readonly base: readonly Value[]; readonly head: readonly Value[]; readonly cluster: string };
type Value = number | Score;

type Kind = {
  readonly metric: (name: string) => FamilyMetric;
  /** `loss` is how much worse the head is on average; none where it is not given. */
  readonly draw: (random: Random, loss?: number) => Row[];
};

const binary = (name: string) => metricNamed(name, { scale: 'binary' });
const graded = (name: string) => metricNamed(name, { scale: 'graded' });
const right = (random: Random, chance: number) => (random.next() < chance ? 1 : 0);

function examples(n: number, draw: (index: number) => Omit<Row, 'cluster'>): Row[] {
  return Array.from({ length: n }, (_, index) => ({ ...draw(index), cluster: `cluster ${index}` }));
}

/** 30 documents of 1 to 6 examples; how well a prompt does on one is drawn once for all of its examples. */
function documents(random: Random, draw: (base: number, head: number) => Omit<Row, 'cluster'>): Row[] {
  return Array.from({ length: 30 }, (_, document) => {
    const [base, head] = [random.next(), random.next()];
    return Array.from({ length: 1 + (document % 6) }, () => ({
      ...draw(base, head),
      cluster: `document ${document}`,
    }));
  }).flat();
}

/** Both prompts find the same examples hard; what differs between them is luck. */
const binaryPairs: Kind = {
  metric: binary,
  draw: (random, loss = 0) =>
    examples(100, () => {
      // 5/6 on average, so that losing each right answer with a chance of loss / (5/6) costs `loss`.
      const chance = 0.5 + 0.5 * Math.sqrt(random.next());
      const kept = 1 - loss / (5 / 6);
      return { base: [right(random, chance)], head: [right(random, chance * kept)] };
    }),
};

/** Most values are near 0, few are large. */
const gradedPairs: Kind = {
  metric: graded,
  draw: (random, loss = 0) =>
    examples(60, () => {
      const ease = random.next() ** 3;
      const value = () => (ease + random.next() ** 6) / 2;
      return { base: [value()], head: [value() - loss] };
    }),
};

const binaryClusters: Kind = {
  metric: binary,
  draw: (random) =>
    documents(random, (base, head) => ({ base: [right(random, base)], head: [right(random, head)] })),
};

const gradedClusters: Kind = {
  metric: graded,
  draw: (random, loss = 0) => {
    const value = (quality: number) => 0.3 * quality + 0.1 * random.next();
    return documents(random, (base, head) => ({ base: [value(base)], head: [value(head) - loss] }));
  },
};

/** Each example is answered three times by each prompt, and mostly alike. */
const repeats: Kind = {
  metric: binary,
  draw: (random) =>
    examples(30, () => {
      const answers = () => {
        const chance = random.next() < 0.6 ? 0.9 : 0.1;
        return [right(random, chance), right(random, chance), right(random, chance)];
      };
      return { base: answers(), head: answers() };
    }),
};

/** One to eight entities to find in a text, and up to two found that are none. */
const pooled: Kind = {
  metric: (name) => weighed('entity_f1', { name }),
  draw: (random) =>
    examples(10, (index) => {
      const expected = 1 + (index % 8);
      const score = (): Score => {
        const hits = Array.from({ length: expected }, () => right(random, 0.7)).filter(Boolean).length;
        const predicted = hits + random.integer(3);
        return {
          value: (2 * hits) / (predicted + expected),
          feedback: '',
          counts: { '': { hits, predicted, expected } },
        };
      };
      return { base: [score()], head: [score()] };
    }),
};

const blank = scorecardOf([], []);

/** Compares the scores drawn for each metric. Without weights there is no objective, which no gate looks at. */
function compareDrawn(metrics: readonly FamilyMetric[], columns: readonly (readonly Row[])[]): Comparison {
  const resultsOf = (side: 'base' | 'head') =>
    (columns[0] ?? []).flatMap(({ cluster, [side]: repeated }, index) =>
      repeated.map((_, repeat) => {
        const values = metrics.map(({ metric }, column) => [
          metric.name,
          columns[column]?.[index]?.[side][repeat] ?? null,
        ]);
        return measured(`example ${index}`, Object.fromEntries(values), { cluster, repeat });
      }),
    );
  return compareScorecards(
    { ...blank, results: resultsOf('base') },
    { ...blank, results: resultsOf('head') },
    metrics,
  );
}

/** What a value adds to the dataset's; of pooled counts, in proportion and to the first order, at an F1 of .72. */
function contribution(value: Value): number {
  if (typeof value === 'number') return value;
  const { hits = 0, predicted = 0 } = value.counts?.[''] ?? {};
  return 2 * hits - 0.72 * predicted;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By how many standard errors, over independent clusters, the mean difference lies above a value. */
function standardErrorsAbove(value: number, rows: readonly Row[]): number {
  const differences = rows.map(({ base, head, cluster }) => ({
    difference: meanOf(head.map(contribution)) - meanOf(base.map(contribution)),
    cluster,
  }));
  const mean = meanOf(differences.map(({ difference }) => difference));
  const clusters = Map.groupBy(differences, ({ cluster }) => cluster);
  const squares = [...clusters.values()].map(
    (members) => members.reduce((sum, { difference }) => sum + difference - mean, 0) ** 2,
  );
  return (mean - value) / Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / rows.length ** 2);
}

/**
 * No test at 5% finds what is within this many standard errors: such a repetition counts as drawn and, but for the
 * first few, is not compared, which takes most of the time.
 */
const UNREMARKABLE = 1.8;

/** Share of repetitions with an outcome that those which are not `remarkable` never have. */
function shareOf<T>(
  repetitions: number,
  {
    draw,
    remarkable,
    outcome,
  }: {
    draw: (random: Random) => T;
    remarkable: (drawn: T) => boolean;
    outcome: (drawn: T) => boolean;
  },
): number {
  const alwaysCompared = 10;
  let unremarkable = 0;
  let count = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const drawn = draw(createRandom(`repetition ${repetition}`));
    if (remarkable(drawn)) {
      if (outcome(drawn)) count++;
    } else if (unremarkable++ < alwaysCompared) expect(outcome(drawn)).toBe(false);
  }
  return count / repetitions;
}

/** Share of comparisons without a true difference in which the strictest gates fail. */
function falseFailures(kind: Kind, gates: number, repetitions: number): number {
  const metrics = Array.from({ length: gates }, (_, index) => ({
    ...kind.metric(`metric ${index}`),
    weight: 0,
    gate: { maxDrop: 0 },
  }));
  return shareOf(repetitions, {
    draw: (random) => metrics.map(() => kind.draw(random)),
    remarkable: (columns) => columns.some((rows) => !(standardErrorsAbove(0, rows) > -UNREMARKABLE)),
    outcome: (columns) => !compareDrawn(metrics, columns).gate.passed,
  });
}

/**
 * The promise is 5%. A two-sided test at 5% calls a loss, which alone fails a gate, in 2.5%: the bound is that and three
 * standard errors of the repetitions.
 */
const mostFailures = (repetitions: number) => 0.025 + 3 * Math.sqrt((0.025 * 0.975) / repetitions);

describe('without a difference, gates that allow no drop fail in less than 5% of comparisons', () => {
  describe.each([
    ['right or wrong, 100 pairs', binaryPairs],
    ['graded and skewed, 60 pairs', gradedPairs],
    ['right or wrong, 30 clusters', binaryClusters],
    ['graded, 30 clusters', gradedClusters],
    ['right or wrong, each of 30 examples three times', repeats],
  ])('%s', (_, kind) => {
    test.each([1, 4])('%i gated', (gates) => {
      expect(falseFailures(kind, gates, 1000)).toBeLessThanOrEqual(mostFailures(1000));
    });
  });

  // Resampling counts takes several times as long as resampling values: there are fewer repetitions.
  test.each([
    [1, 1_000],
    [4, 400],
  ])('pooled F1 of 10 texts, %i gated', (gates, repetitions) => {
    expect(falseFailures(pooled, gates, repetitions)).toBeLessThanOrEqual(mostFailures(repetitions));
  });
});

describe('a true loss as large as the margin', () => {
  test.each([
    ['right or wrong', binaryPairs, 0.15],
    ['graded and skewed', gradedPairs, 0.065],
    ['graded, in clusters', gradedClusters, 0.075],
  ])('%s, is called equivalent in at most one comparison in twenty', (_, kind, margin) => {
    const metric = { ...kind.metric('metric'), weight: 0, gate: { maxDrop: margin } };
    const share = shareOf(1000, {
      draw: (random) => kind.draw(random, margin),
      // A mean this close to the margin, or beyond it, has an interval that crosses it.
      remarkable: (rows) => !(standardErrorsAbove(-margin, rows) < 1),
      outcome: (rows) => compareDrawn([metric], [rows]).metrics['metric']?.verdict === 'equivalent',
    });
    expect(share).toBeLessThanOrEqual(0.05);
    // The margin is wide enough for the verdict to be within reach.
    expect(share).toBeGreaterThan(0.005);
  });
});

describe('slices, without a difference', () => {
  const topics = ['art', 'law', 'music', 'sport'];
  const metric = metricNamed('quality');
  const different: readonly Verdict[] = ['regression', 'improvement'];

  /** The examples of each tag: every example has a topic and a length. */
  const tagsOf = (index: number) => [
    topics[index % 4] ?? '',
    Math.floor(index / 4) % 2 === 0 ? 'short' : 'long',
  ];

  test('are called different, any of six, in no more than 5% of comparisons', () => {
    const share = shareOf(400, {
      draw: (random) =>
        examples(60, () => {
          const ease = random.next();
          const value = () => (ease + random.next() ** 3) / 2;
          return { base: [value()], head: [value()] };
        }),
      remarkable: (rows) =>
        [...topics, 'short', 'long'].some((tag) => {
          const slice = rows.filter((_, index) => tagsOf(index).includes(tag));
          return !(Math.abs(standardErrorsAbove(0, slice)) < UNREMARKABLE);
        }),
      outcome: (rows) => {
        const card = (side: 'base' | 'head') => ({
          ...blank,
          results: rows.map(({ [side]: [value = null] }, index) =>
            measured(`example ${index}`, { quality: value }, { tags: tagsOf(index) }),
          ),
        });
        const { slices } = compareScorecards(card('base'), card('head'), [metric]);
        expect(slices).toHaveLength(6);
        return slices.some(({ verdict }) => different.includes(verdict));
      },
    });
    // Three standard errors of 400 repetitions are 3.3 points.
    expect(share).toBeLessThanOrEqual(0.083);
  });
});
