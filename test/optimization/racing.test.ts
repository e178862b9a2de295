import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finalists, nextPromotion, type Racer, rungs } from '../../src/optimization/racing.ts';

const racer = (id: number, rows: number, effect: number): Racer => ({ id, rows, effect });

describe('the rungs', () => {
  it.each([
    [90, [10, 30, 90]],
    [36, [5, 12, 36]],
    [12, [5, 12]],
    [5, [5]],
    [1, [1]],
  ])('of %i rows are %j', (rows, counts) => {
    expect(rungs(rows)).toEqual(counts);
  });

  it('rise to all rows, from five at least', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (rows) => {
        const counts = rungs(rows);
        expect(counts.at(-1)).toBe(rows);
        expect(counts[0]).toBeGreaterThanOrEqual(Math.min(5, rows));
        expect([...new Set(counts)].sort((a, b) => a - b)).toEqual(counts);
      }),
    );
  });
});

describe('a promotion', () => {
  const counts = [10, 30, 90];

  it('waits until three have arrived', () => {
    expect(nextPromotion([racer(0, 10, 1), racer(1, 10, 0)], counts)).toBeNull();
    expect(nextPromotion([racer(0, 10, 1), racer(1, 10, 0), racer(2, 10, 0)], counts)).toEqual({
      id: 0,
      rows: 30,
    });
  });

  it('is of the best, and on a tie of the older one', () => {
    expect(nextPromotion([racer(0, 10, 0), racer(1, 10, 0.5), racer(2, 10, 0.5)], counts)?.id).toBe(1);
  });

  it('goes to the upper third only: those who went on already keep their place', () => {
    const gone = [
      racer(0, 30, 0.9),
      racer(1, 10, 0.8),
      racer(2, 10, 0.1),
      racer(3, 10, 0.1),
      racer(4, 10, 0),
    ];
    expect(nextPromotion(gone, counts)).toBeNull();
    expect(nextPromotion([...gone, racer(5, 10, 0)], counts)).toEqual({ id: 1, rows: 30 });
  });

  it('is due on the highest rung first', () => {
    const racers = [
      racer(0, 30, 0.3),
      racer(1, 30, 0.2),
      racer(2, 30, 0.1),
      racer(3, 10, 0.9),
      racer(4, 10, 0),
      racer(5, 10, 0),
    ];
    expect(nextPromotion(racers, counts)).toEqual({ id: 0, rows: 90 });
  });

  it('never goes to a candidate that could not be measured, which takes no place either', () => {
    const racers = [racer(0, 10, Number.NaN), racer(1, 10, Number.NaN), racer(2, 10, 0.1)];
    expect(nextPromotion(racers, counts)).toBeNull();
    expect(nextPromotion([...racers, racer(3, 10, 0), racer(4, 10, 0)], counts)?.id).toBe(2);
  });

  it('goes one rung up, to one of the best third that stands below', () => {
    const racers = fc.array(
      fc.record({ rows: fc.constantFrom(0, 10, 30, 90), effect: fc.constantFrom(Number.NaN, -1, 0, 0.5, 1) }),
      { maxLength: 15 },
    );
    fc.assert(
      fc.property(racers, (fields) => {
        const field = fields.map(({ rows, effect }, id) => racer(id, rows, effect));
        const promotion = nextPromotion(field, counts);
        if (!promotion) return;
        const rung = counts.indexOf(promotion.rows) - 1;
        const { rows = 0, effect = 0 } = field[promotion.id] ?? {};
        expect(rows).toBeGreaterThanOrEqual(counts[rung] ?? 0);
        expect(rows).toBeLessThan(promotion.rows);
        const arrived = field.filter(
          (other) => other.rows >= (counts[rung] ?? 0) && !Number.isNaN(other.effect),
        );
        const better = arrived.filter((other) => other.effect > effect);
        expect(better.length).toBeLessThan(arrived.length / 3);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the finalists', () => {
  it('are the best by effect, older first on a tie, without any that could not be measured', () => {
    const racers = [racer(0, 90, 0), racer(1, 10, Number.NaN), racer(2, 10, 0.5), racer(3, 30, 0.5)];
    expect(finalists(racers, 2).map(({ id }) => id)).toEqual([2, 3]);
    expect(finalists(racers, 9).map(({ id }) => id)).toEqual([2, 3, 0]);
  });
});
