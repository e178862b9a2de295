import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawFromFront, paretoFront, type Vectors } from '../../src/optimization/pareto.ts';
import { createRandom } from '../../src/statistics/random.ts';

/** A candidate whose values by row are given; null where it was not measured. */
const candidate = (id: number, ...values: readonly (number | readonly number[] | null)[]): Vectors => ({
  id,
  vectors: new Map(values.flatMap((value, row) => (value === null ? [] : [[row, [value].flat()] as const]))),
});

const value = fc.constantFrom(0, 0.5, 1, Number.NaN);
/** Candidates measured on a beginning of the rows each, by two objectives. */
const field = fc
  .array(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 7 })
  .map((rows) => rows.map((values, id) => candidate(id, ...values)));

const isMeasured = ({ vectors }: Vectors) => [...vectors.values()].flat().some((each) => !Number.isNaN(each));

/** Where a candidate is the best of those that were measured there, two at least. */
function bestPlaces(all: readonly Vectors[], { id }: Vectors): Set<string> {
  const places = new Set<string>();
  for (const row of [0, 1, 2, 3, 4]) {
    for (const objective of [0, 1]) {
      const seen = all.flatMap((each) => {
        const at = each.vectors.get(row)?.[objective] ?? Number.NaN;
        return Number.isNaN(at) ? [] : [{ id: each.id, at }];
      });
      const best = Math.max(...seen.map(({ at }) => at));
      if (seen.length > 1 && seen.some((each) => each.id === id && each.at === best))
        places.add(`${row} ${objective}`);
    }
  }
  return places;
}

describe('the Pareto front', () => {
  it('counts the places at which a candidate is the best, ties for all of them', () => {
    const front = paretoFront([candidate(0, 1, 0, 1), candidate(1, 0, 1, 1), candidate(2, 0, 0, 0)]);
    expect([...front]).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });

  it('leaves out a candidate that is best only where another one is too, which is best elsewhere as well', () => {
    expect([...paretoFront([candidate(0, 1, 0), candidate(1, 1, 1)])]).toEqual([[1, 2]]);
  });

  it('sees each objective for itself: the best by a small one stays', () => {
    const front = paretoFront([candidate(0, [1, 0.1]), candidate(1, [0, 0.2])]);
    expect([...front.keys()]).toEqual([0, 1]);
  });

  it('gives nothing for rows that one candidate alone has seen, unless there are no others', () => {
    expect([...paretoFront([candidate(0, 0, 1, 1, 1), candidate(1, 1)])]).toEqual([[1, 1]]);
    expect([...paretoFront([candidate(0, 0, 1, 1)])]).toEqual([[0, 3]]);
    expect([...paretoFront([candidate(0, 0, null), candidate(1, null, 0)])]).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it('does not take the last bit of a sum for a lead', () => {
    expect([...paretoFront([candidate(0, 0.1 + 0.2), candidate(1, 0.3)]).keys()]).toEqual([0, 1]);
  });

  it('leaves out objectives that do not apply', () => {
    expect([...paretoFront([candidate(0, [Number.NaN, 1]), candidate(1, [1, 0])])]).toEqual([[0, 1]]);
    expect(paretoFront([candidate(0, Number.NaN)]).size).toBe(0);
    expect(paretoFront([]).size).toBe(0);
  });

  it('is never empty where anything was measured', () => {
    fc.assert(
      fc.property(field, (all) => {
        expect(paretoFront(all).size > 0).toBe(all.some(isMeasured));
      }),
    );
  });

  it('holds no candidate whose best places are some of those of another, and the best of each shared place', () => {
    fc.assert(
      fc.property(field, (all) => {
        const front = paretoFront(all);
        const places = all.map((each) => bestPlaces(all, each));
        for (const id of front.keys()) {
          const mine = places[id] ?? new Set();
          for (const other of places) expect(mine.size < other.size && isWithin(mine, other)).toBe(false);
        }
        const covered = new Set([...front.keys()].flatMap((id) => [...(places[id] ?? [])]));
        for (const each of places) expect(isWithin(each, covered)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order of the candidates', () => {
    const shuffled = field.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect([...paretoFront(other)]).toEqual([...paretoFront(all)]);
      }),
    );
  });
});

describe('a draw from the front', () => {
  it('is the likelier the more places a candidate is the best at', () => {
    const front = new Map([
      [4, 1],
      [7, 3],
    ]);
    const random = createRandom(1);
    const drawn = Array.from({ length: 400 }, () => drawFromFront(front, random));
    const share = drawn.filter((id) => id === 7).length / 400;
    expect(share).toBeGreaterThan(0.68);
    expect(share).toBeLessThan(0.82);
    expect(() => drawFromFront(new Map(), random)).toThrow(RangeError);
  });
});

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every((item) => whole.has(item));
}
