import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeCounts } from '../../src/evaluation/samples.ts';
import type { OutputFormat } from '../../src/formats/format.ts';
import {
  relationshipF1,
  relationshipPrecision,
  relationshipRecall,
} from '../../src/metrics/relationships.ts';
import { createdMetric } from './created-metric.ts';
import { scoreOf } from './metric-input.ts';

type Item = { source: string; target: string; relation?: string };

const json: OutputFormat = { format: 'json' };
const definitions = { f1: relationshipF1, precision: relationshipPrecision, recall: relationshipRecall };

type Asked = { options?: Record<string, unknown>; aliases?: unknown; which?: keyof typeof definitions };

function found(expected: unknown[], predicted: unknown, { options, aliases, which = 'f1' }: Asked = {}) {
  return scoreOf(createdMetric(definitions[which], options), json, {
    output: JSON.stringify({ relationships: predicted }),
    expected: { relationships: expected, ...(aliases !== undefined && { aliases }) },
  });
}

const works: Item = { source: 'Lena Okafor', target: 'Port of Ghent', relation: 'employer' };
const lives: Item = { source: 'Lena Okafor', target: 'Ghent', relation: 'residence' };
const born: Item = { source: 'Lena Okafor', target: 'Ghent', relation: 'place of birth' };
const swapped = ({ source, target, ...rest }: Item): Item => ({ source: target, target: source, ...rest });

describe('relationships', () => {
  it('are scored by precision, recall and their harmonic mean', () => {
    const predicted = [lives, { source: 'Ghent', target: 'Bruges' }, { source: 'Ghent', target: 'Mars' }];
    const counts = { '': { hits: 1, predicted: 3, expected: 2 } };
    const feedback =
      'missed: Lena Okafor → Port of Ghent (employer); not in the reference: Ghent → Bruges, Ghent → Mars';
    expect(found([works, lives], predicted)).toEqual({ value: 0.4, counts, feedback });
    expect(found([works, lives], predicted, { which: 'precision' })).toEqual({
      value: 1 / 3,
      counts,
      feedback,
    });
    expect(found([works, lives], predicted, { which: 'recall' })).toEqual({ value: 0.5, counts, feedback });
  });

  it('leave nothing to say where a metric is at its best', () => {
    expect(found([works], [works, lives], { which: 'recall' })).toMatchObject({ value: 1, feedback: '' });
    expect(found([works, lives], [works], { which: 'precision' })).toMatchObject({ value: 1, feedback: '' });
  });

  it('compare names in any case, with white space and compatibility characters unified', () => {
    expect(found([works], [{ source: ' LENA  okafor', target: 'Ｐort of Ghent' }]).value).toBe(1);
    expect(found([works], [{ source: 'Okafor', target: 'Port of Ghent' }]).value).toBe(0);
  });

  it('are undirected unless told otherwise', () => {
    expect(found([works], [swapped(works)]).value).toBe(1);
    expect(found([works], [swapped(works)], { options: { directed: true } })).toMatchObject({
      value: 0,
      feedback:
        'wrong direction or relation: Port of Ghent → Lena Okafor (employer) should be Lena Okafor → Port of Ghent (employer)',
    });
    expect(found([works], [works], { options: { directed: true } }).value).toBe(1);
  });

  it('are one for each pair unless typed', () => {
    expect(found([lives, born], [{ source: 'Lena Okafor', target: 'Ghent' }])).toEqual({
      value: 1,
      counts: { '': { hits: 1, predicted: 1, expected: 1 } },
      feedback: '',
    });
    expect(found([{ source: 'Ghent', target: 'Lena Okafor' }], [lives, born]).value).toBe(1);
  });

  it('are counted by relation when typed', () => {
    const options = { typed: true };
    const predicted = [
      { ...lives, relation: 'Residence ' },
      { ...born, relation: 'resting place' },
    ];
    expect(found([lives, born], predicted, { options })).toEqual({
      value: 0.5,
      counts: {
        residence: { hits: 1, predicted: 1, expected: 1 },
        'place of birth': { hits: 0, predicted: 0, expected: 1 },
        'resting place': { hits: 0, predicted: 1, expected: 0 },
      },
      feedback:
        'wrong direction or relation: Lena Okafor → Ghent (resting place) should be Lena Okafor → Ghent (place of birth)',
    });
    expect(found([lives], [{ source: 'Lena Okafor', target: 'Ghent' }], { options })).toMatchObject({
      value: 0,
      counts: { '': { hits: 0, predicted: 1, expected: 0 } },
    });
  });

  it('cost precision when repeated beyond the reference', () => {
    const bare = { source: 'Lena Okafor', target: 'Ghent' };
    expect(found([lives], [lives, lives])).toEqual({
      value: 2 / 3,
      counts: { '': { hits: 1, predicted: 2, expected: 1 } },
      feedback: 'repeated: Lena Okafor → Ghent (residence)',
    });
    expect(found([lives], [lives, swapped(lives), lives], { which: 'precision' }).value).toBe(1 / 3);
    expect(found([lives], [lives, lives], { options: { typed: true } }).value).toBe(2 / 3);
    expect(found([lives, born], [bare, bare]).value).toBe(1);
    expect(found([works], [works, bare, bare], { which: 'precision' }).value).toBe(1 / 3);
  });

  it('count against precision where an end is missing', () => {
    const broken = [{ source: 'Lena Okafor' }, { source: 'Ghent', target: ' ' }, 'Ghent', null];
    expect(found([works], [works, ...broken], { which: 'precision' })).toEqual({
      value: 0.2,
      counts: { '': { hits: 1, predicted: 5, expected: 1 } },
      feedback:
        'not in the reference: {"source":"Lena Okafor"}, {"source":"Ghent","target":" "}, "Ghent", null',
    });
  });

  it('shorten what they say of a flood', () => {
    const flood = Array.from({ length: 40 }, (_, i) => ({ source: `n${i}`, target: 'x\n'.repeat(100) }));
    const { feedback } = found([], flood);
    expect(feedback).toMatch(/^not in the reference: n0 → x x .*… and 30 more$/);
    expect(feedback.length).toBeLessThan(800);
  });

  it('name an example that cannot be compared with', () => {
    expect(() => found([{ source: 'Ghent' }], [])).toThrow(
      'example one: an item of expected.relationships lacks an end',
    );
    expect(() => found([works], [], { aliases: ['Lena'] })).toThrow(
      'example one: expected.aliases is no table of names',
    );
    expect(() => found([works], [], { options: { field: 'links' } })).toThrow('expected.links is not a list');
  });
});

describe('aliases of an entity', () => {
  const aliases = { 'Lena Okafor': ['Okafor', 'Lena O.'], 'Port of Ghent': ['the port'] };

  it('count as its name, on both sides', () => {
    const short = { source: 'okafor', target: 'The Port' };
    expect(found([works], [short]).value).toBe(0);
    expect(found([works], [short], { aliases }).value).toBe(1);
    expect(found([{ ...works, target: 'PORT OF GHENT' }], [short], { aliases }).value).toBe(1);
  });

  it('do not make two names of one relationship two finds', () => {
    const twice = [works, { ...works, source: 'Okafor' }];
    expect(found([works, lives], twice, { aliases, which: 'precision' }).value).toBe(0.5);
  });

  it('give way to an entity of that very name', () => {
    const inReference = found(
      [lives, { source: 'Okafor', target: 'Ghent' }],
      [{ source: 'Okafor', target: 'Ghent' }],
      {
        aliases,
        which: 'recall',
      },
    );
    expect(inReference.value).toBe(0.5);
    const inTable = { 'Lena Okafor': ['Okafor'], Okafor: ['The Okafors'] };
    expect(found([lives], [{ source: 'Okafor', target: 'Ghent' }], { aliases: inTable }).value).toBe(0);
  });

  it('name nobody where two entities share them', () => {
    const shared = { 'Lena Okafor': ['Okafor'], 'Ada Okafor': ['Okafor'] };
    expect(found([lives], [{ source: 'Okafor', target: 'Ghent' }], { aliases: shared }).value).toBe(0);
    const spelledTwice = { 'Lena Okafor': ['Okafor', 'OKAFOR'] };
    expect(found([lives], [{ source: 'Okafor', target: 'Ghent' }], { aliases: spelledTwice }).value).toBe(1);
  });

  it('may lie in another field', () => {
    const metric = createdMetric(relationshipF1, { aliases: 'names' });
    const expected = { relationships: [works], names: { 'Port of Ghent': ['the port'] } };
    const output = JSON.stringify({ relationships: [{ ...works, target: 'the port' }] });
    expect(scoreOf(metric, json, { output, expected }).value).toBe(1);
  });
});

describe.each(Object.values(definitions))('$use of an empty or broken answer', (definition) => {
  const metric = createdMetric(definition);
  const pooled = (expected: Item[][], outputs: string[]) => {
    const scores = outputs.map((output, i) =>
      scoreOf(metric, json, { output, expected: { relationships: expected[i] ?? [] } }),
    );
    return metric.pool?.(mergeCounts(scores.map(({ counts = {} }) => counts)));
  };

  it('is 1 for an empty list where nothing is expected, else 0', () => {
    const output = '{"relationships": []}';
    expect(scoreOf(metric, json, { output, expected: { relationships: [] } })).toEqual({
      value: 1,
      counts: {},
      feedback: '',
    });
    expect(scoreOf(metric, json, { output, expected: { relationships: [works] } })).toEqual({
      value: 0,
      counts: { '': { hits: 0, predicted: 0, expected: 1 } },
      feedback: 'missed: Lena Okafor → Port of Ghent (employer)',
    });
    expect(metric.pool?.({})).toBe(1);
  });

  it('is 0 for something where nothing is expected', () => {
    const output = JSON.stringify({ relationships: [works] });
    expect(scoreOf(metric, json, { output, expected: { relationships: [] } }).value).toBe(0);
  });

  it.each(['', 'There are none', '{"entities": []}', '{"relationships": "none"}'])(
    'is 0 for %j, in a pooled value too',
    (output) => {
      for (const expected of [[], [works]]) {
        expect(scoreOf(metric, json, { output, expected: { relationships: expected } })).toEqual({
          value: 0,
          counts: { '': { hits: 0, predicted: 1, expected: 1 } },
          feedback: 'no list "relationships" could be read from the answer',
        });
        const right = JSON.stringify({ relationships: [lives] });
        expect(pooled([[lives]], [right])).toBe(1);
        expect(pooled([[lives], expected], [right, output])).toBe(0.5);
      }
    },
  );
});

describe('the laws of relationship metrics', () => {
  const name = fc.constantFrom('Straße', 'Ada', 'Byron', 'Ghent', 'ada', '__proto__');
  const item = fc.record({
    source: name,
    target: name,
    relation: fc.constantFrom('near', 'in', '__proto__'),
  });
  const list = fc.array(item, { maxLength: 6 });
  const options = fc.record({ directed: fc.boolean(), typed: fc.boolean() });
  const which = fc.constantFrom('f1', 'precision', 'recall');
  const aliases = { Ghent: ['Gent', 'Gand'] };

  it('lie in [0, 1], and are 1 for the reference itself in any order, case and name', () => {
    fc.assert(
      fc.property(list, list, options, which, (expected, predicted, chosen, metric) => {
        const { value } = found(expected, predicted, { options: chosen, which: metric });
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        const renamed = (text: string) => (text === 'Ghent' ? 'GAND' : text.toUpperCase());
        const again = expected
          .map(({ source, target, relation }) => ({
            source: renamed(source),
            target: renamed(target),
            relation,
          }))
          .toReversed();
        expect(found(expected, again, { options: chosen, which: metric, aliases }).value).toBe(1);
      }),
    );
  });

  it('do not depend on the order of either list, nor, undirected, on that of the ends', () => {
    const shuffled = (items: Item[]) => fc.shuffledSubarray(items, { minLength: items.length });
    const both = fc
      .tuple(list, list)
      .chain(([a, b]) => fc.tuple(fc.constant(a), fc.constant(b), shuffled(a), shuffled(b)));
    fc.assert(
      fc.property(both, options, ([expected, predicted, otherExpected, otherPredicted], chosen) => {
        const once = found(expected, predicted, { options: chosen });
        const turned = chosen.directed ? otherPredicted : otherPredicted.map(swapped);
        const again = found(otherExpected, turned, { options: chosen });
        expect([again.value, again.counts]).toEqual([once.value, once.counts]);
      }),
    );
  });

  it('never rise when a relationship is invented, repeated or lost', () => {
    fc.assert(
      fc.property(
        list,
        fc.array(item, { minLength: 1, maxLength: 6 }),
        options,
        (expected, predicted, chosen) => {
          const value = (given: Item[], metric: keyof typeof definitions) =>
            found(expected, given, { options: chosen, which: metric }).value ?? 0;
          for (const metric of ['f1', 'precision'] as const) {
            const before = value(predicted, metric);
            expect(value([...predicted, { source: 'Mars', target: 'Venus' }], metric)).toBeLessThanOrEqual(
              before,
            );
            expect(value([...predicted, predicted[0]!], metric)).toBeLessThanOrEqual(before);
          }
          if (expected.length > 0) {
            expect(value(predicted.slice(1), 'recall')).toBeLessThanOrEqual(value(predicted, 'recall'));
          }
        },
      ),
    );
  });
});
