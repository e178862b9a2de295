import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../src/statistics/random.ts';
import { addCounts, type CountBatch, noCounts } from '../../src/statistics/two-proportions.ts';

const bounds = { tolerance: 0.05, margin: 0.15 };

/** Probability of each outcome of a batch with these rates. */
function outcomes(total: { control: number; canary: number }, rates: { control: number; canary: number }) {
  const all: { batch: CountBatch; probability: number }[] = [];
  for (let control = 0; control <= total.control; control++) {
    for (let canary = 0; canary <= total.canary; canary++) {
      all.push({
        batch: {
          control: { successes: control, total: total.control },
          canary: { successes: canary, total: total.canary },
        },
        probability:
          binomial(control, total.control, rates.control) * binomial(canary, total.canary, rates.canary),
      });
    }
  }
  return all;
}

function binomial(successes: number, total: number, rate: number): number {
  let ways = 1;
  for (let k = 0; k < successes; k++) ways *= (total - k) / (k + 1);
  return ways * rate ** successes * (1 - rate) ** (total - successes);
}

const rate = fc.double({ min: 0, max: 1, noNaN: true });
const arm = fc
  .tuple(fc.nat(200), fc.nat(200))
  .map(([a, b]) => ({ successes: Math.min(a, b), total: Math.max(a, b) }));
const past = fc.record({ control: arm, canary: arm });
const size = fc.record({ control: fc.nat(6), canary: fc.nat(6) });

describe('evidence from counters', () => {
  test('has an expectation of at most 1 under every pair of rates of the null hypothesis, whatever came before', () => {
    fc.assert(
      fc.property(past, size, rate, rate, (seen, total, control, share) => {
        const before = addCounts(noCounts, seen, bounds);
        const expectation = (rates: { control: number; canary: number }, form: 'harm' | 'nonInferiority') =>
          outcomes(total, rates).reduce((sum, { batch, probability }) => {
            const after = addCounts(before, batch, bounds);
            return sum + probability * Math.exp(after[form] - before[form]);
          }, 0);
        const noWorse = (1 - bounds.tolerance) * control;
        const harmless = { control, canary: noWorse + share * (1 - noWorse) };
        expect(expectation(harmless, 'harm')).toBeLessThanOrEqual(1 + 1e-9);
        const inferior = { control, canary: share * (1 - bounds.margin) * control };
        expect(expectation(inferior, 'nonInferiority')).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  function run(random: Random, canaryRate: number, batches: number) {
    let process = noCounts;
    let highest = 0;
    const count = (total: number, rate: number) => {
      let successes = 0;
      for (let call = 0; call < total; call++) if (random.next() < rate) successes++;
      return { successes, total };
    };
    for (let batch = 0; batch < batches; batch++) {
      process = addCounts(process, { control: count(90, 0.9), canary: count(10, canaryRate) }, bounds);
      highest = Math.max(highest, process.harm);
    }
    return { ...process, highest };
  }

  test('grows where the canary is worse, and reaches 20 to 1 in at most 5% of runs where it is not', () => {
    const runs = Array.from({ length: 200 }, (_, index) => index);
    const noticed = (canaryRate: number) =>
      runs.filter((index) => run(createRandom(`run ${index}`), canaryRate, 60).highest >= Math.log(20))
        .length;
    expect(noticed(0.765)).toBeGreaterThan(190);
    expect(noticed(0.855) / runs.length).toBeLessThanOrEqual(0.05);
    expect(run(createRandom('equal'), 0.9, 60).nonInferiority).toBeGreaterThan(Math.log(20));
  });

  test('a batch in which one arm has no calls says nothing', () => {
    const before = addCounts(
      noCounts,
      { control: { successes: 90, total: 100 }, canary: { successes: 50, total: 100 } },
      bounds,
    );
    const after = addCounts(
      before,
      { control: { successes: 9, total: 10 }, canary: { successes: 0, total: 0 } },
      bounds,
    );
    expect(after).toMatchObject({ harm: before.harm, nonInferiority: before.nonInferiority });
  });
});
