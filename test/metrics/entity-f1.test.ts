import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { metric, scoreOf } from './metric-input.ts';

const lines: OutputFormat = { format: 'lines', field: 'entities', item: '{{name}} ({{type}})' };
const json: OutputFormat = { format: 'json' };
type Entity = { name: string; type?: string };

const lena = { name: 'Lena Okafor', type: 'person' };
const ghent = { name: 'Ghent', type: 'location' };

function found(expected: Entity[], predicted: unknown[], options: Record<string, unknown> = {}) {
  const output = JSON.stringify({ entities: predicted });
  return scoreOf(metric('entity_f1', options), json, { output, expected: { entities: expected } });
}

describe('entity_f1', () => {
  it('is the harmonic mean of precision and recall', () => {
    expect(found([lena, ghent], [ghent, { name: 'Tuesday', type: 'date' }, { name: 'x' }])).toEqual({
      value: 0.4,
      counts: {
        person: { hits: 0, predicted: 0, expected: 1 },
        location: { hits: 1, predicted: 1, expected: 1 },
        date: { hits: 0, predicted: 1, expected: 0 },
        '': { hits: 0, predicted: 1, expected: 0 },
      },
      feedback: 'missed: Lena Okafor (person); not in the reference: Tuesday (date), x',
    });
  });

  it('compares names in any case, with white space and compatibility characters unified', () => {
    expect(found([lena], [{ name: ' LENA \t okafor' }])).toMatchObject({ value: 1, feedback: '' });
    expect(found([{ name: 'Ⅳ Corps' }], ['iv corps']).value).toBe(1);
  });

  it('uses an expected entity once', () => {
    expect(found([ghent], [ghent, ghent]).value).toBeCloseTo(2 / 3);
    expect(found([ghent, ghent], [ghent]).value).toBeCloseTo(2 / 3);
    expect(found([ghent, ghent], [ghent, ghent]).value).toBe(1);
  });

  it('asks for the type too with name_and_type', () => {
    const confused = [{ name: 'Ghent', type: 'person' }];
    expect(found([ghent], confused, { match: 'name' }).value).toBe(1);
    expect(found([ghent], confused, { match: 'name_and_type' })).toEqual({
      value: 0,
      counts: {
        location: { hits: 0, predicted: 0, expected: 1 },
        person: { hits: 0, predicted: 1, expected: 0 },
      },
      feedback: 'wrong type: Ghent (person) should be location',
    });
    expect(found([ghent], [{ name: 'ghent', type: 'Location' }], { match: 'name_and_type' }).value).toBe(1);
  });

  it('gives half a hit to enough of a name with partial', () => {
    const dupont = { name: 'Ministry of Public Works', type: 'organization' };
    const most = [{ name: 'Public Works', type: 'organization' }];
    expect(found([dupont], most, { match: 'partial' })).toMatchObject({
      value: 0.5,
      feedback: 'wrong name: "Public Works" should be "Ministry of Public Works"',
    });
    expect(found([dupont], [dupont], { match: 'partial' }).value).toBe(1);
    expect(found([dupont], [{ name: 'Bank of Ghent' }], { match: 'partial' }).value).toBe(0);
    expect(found([dupont], ['Bank of Ghent'], { match: 'partial', minOverlap: 0.25 }).value).toBe(0.5);
  });

  it('pairs a name with the predicted one that shares most of it', () => {
    expect(
      found([{ name: 'Lady Ada Byron' }], ['Ada', 'Lady Ada'], { match: 'partial', minOverlap: 0.3 }),
    ).toMatchObject({
      feedback: 'not in the reference: Ada; wrong name: "Lady Ada" should be "Lady Ada Byron"',
    });
  });

  it('counts a repeated word as often as it is there', () => {
    expect(found([{ name: 'Duran Duran' }], ['Duran'], { match: 'partial', minOverlap: 0.6 }).value).toBe(0);
  });

  it('gives a hit to the type of part of a name with type', () => {
    expect(found([lena], [{ name: 'Okafor', type: 'person' }], { match: 'type' }).value).toBe(1);
    expect(found([lena], [{ name: 'Lena Okafor', type: 'location' }], { match: 'type' }).value).toBe(0);
  });

  it('prefers the pairing that earns most, in any order', () => {
    const expected = [{ name: 'Lena' }, { name: 'Lena Okafor' }];
    expect(found(expected, ['Lena Okafor', 'Lena'], { match: 'partial' }).value).toBe(1);
  });

  it('counts an item without a name against precision', () => {
    expect(found([ghent], [ghent, { title: 'Ghent' }])).toMatchObject({
      value: 2 / 3,
      feedback: 'not in the reference: {"title":"Ghent"}',
    });
  });

  it('shortens what it says of a flood', () => {
    const flood = Array.from({ length: 40 }, (_, i) => `n${i} ${'x'.repeat(100)}`);
    const { feedback } = found([], flood);
    expect(feedback).toMatch(/^not in the reference: n0 x+…, .* and 30 more$/);
    expect(feedback.length).toBeLessThan(800);
  });

  it('names an example whose reference is not a list of named things', () => {
    expect(() => found([{ type: 'person' } as unknown as Entity], [])).toThrow(
      'example one: an item of expected.entities has no name',
    );
    expect(() => scoreOf(metric('entity_f1', { field: 'people' }), json, { output: '{}' })).toThrow(
      'expected.people is not a list',
    );
  });
});

describe('entity_f1 where nothing is to be found', () => {
  const f1 = metric('entity_f1');
  const nothing = { entities: [] };

  it('is 1 for saying so', () => {
    expect(scoreOf(f1, lines, { output: 'none', expected: nothing })).toEqual({
      value: 1,
      counts: {},
      feedback: '',
    });
  });

  it.each([
    ['an empty answer', lines, ''],
    ['a broken answer', json, 'There are none'],
    ['an answer without the list', json, '{"people": []}'],
    ['an answer with something else for the list', json, '{"entities": "none"}'],
    ['unreadable tuples', { format: 'tuples' } as const, 'entity: bad line\n<|COMPLETE|>'],
  ])('is 0 for %s, in pooled counts too', (_, format, output) => {
    const score = scoreOf(f1, format, { output, expected: nothing });
    expect(score).toEqual({
      value: 0,
      counts: { '': { hits: 0, predicted: 1, expected: 0 } },
      feedback: 'no list "entities" could be read from the answer',
    });
    expect(f1.pool?.(score.counts ?? {})).toBe(0);
  });

  it('is 0 for silence where something is to be found', () => {
    const score = scoreOf(f1, lines, { output: '', expected: { entities: [lena] } });
    expect(score).toMatchObject({ value: 0, counts: { person: { hits: 0, predicted: 0, expected: 1 } } });
  });

  it('is 1 over a dataset where every answer rightly said so', () => {
    expect(f1.pool?.({})).toBe(1);
  });
});

describe('the laws of entity_f1', () => {
  const name = fc.constantFrom(
    'Straße',
    'Ada',
    'Ada Byron',
    'Byron',
    'Lady Ada Byron',
    'Ghent',
    'Port of Ghent',
    'of',
  );
  const entity = fc.record({ name, type: fc.constantFrom('person', 'location', '__proto__') });
  const list = fc.array(entity, { maxLength: 6 });
  const match = fc.constantFrom('name', 'name_and_type', 'partial', 'type');

  it('lies in [0, 1], and is 1 for the reference itself in any order and case', () => {
    fc.assert(
      fc.property(list, list, match, (expected, predicted, scheme) => {
        const { value } = found(expected, predicted, { match: scheme });
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        const shouted = expected.map((item) => ({ ...item, name: item.name.toUpperCase() })).toReversed();
        expect(found(expected, shouted, { match: scheme }).value).toBe(1);
      }),
    );
  });

  it('does not depend on the order of either list', () => {
    const shuffled = (items: Entity[]) => fc.shuffledSubarray(items, { minLength: items.length });
    const both = fc
      .tuple(list, list)
      .chain(([a, b]) => fc.tuple(fc.constant(a), fc.constant(b), shuffled(a), shuffled(b)));
    fc.assert(
      fc.property(both, match, ([expected, predicted, otherExpected, otherPredicted], scheme) => {
        const once = found(expected, predicted, { match: scheme });
        const again = found(otherExpected, otherPredicted, { match: scheme });
        expect(again.value).toBe(once.value);
        expect(again.counts).toEqual(once.counts);
      }),
    );
  });

  it('never rises when a further entity is invented, nor falls when one more is found', () => {
    fc.assert(
      fc.property(list, list, (expected, predicted) => {
        const { value } = found(expected, predicted);
        expect(found(expected, [...predicted, { name: 'Zanzibar' }]).value).toBeLessThanOrEqual(value ?? 0);
        const [first] = expected;
        if (first && !predicted.some((item) => item.name === first.name)) {
          expect(found(expected, [...predicted, first]).value).toBeGreaterThan(value ?? 0);
        }
      }),
    );
  });

  it('counts each entity once: by type they add up to the lists, hits bounded by both', () => {
    fc.assert(
      fc.property(list, list, match, (expected, predicted, scheme) => {
        const counts = Object.values(found(expected, predicted, { match: scheme }).counts ?? {});
        const total = (key: 'predicted' | 'expected') => counts.reduce((sum, each) => sum + each[key], 0);
        expect([total('expected'), total('predicted')]).toEqual([expected.length, predicted.length]);
        for (const { hits, predicted: p, expected: e } of counts)
          expect(hits).toBeLessThanOrEqual(Math.min(p, e));
      }),
    );
  });
});

describe('entity_f1 over a dataset', () => {
  const counts = {
    person: { hits: 1, predicted: 1, expected: 3 },
    location: { hits: 1, predicted: 1, expected: 1 },
  };

  it('weighs each entity with micro, each type with macro', () => {
    expect(metric('entity_f1', { average: 'micro' }).pool?.(counts)).toBeCloseTo(4 / 6);
    expect(metric('entity_f1', { average: 'macro' }).pool?.(counts)).toBeCloseTo((0.5 + 1) / 2);
  });
});
