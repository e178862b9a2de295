import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/statistics/random.ts';
import { describeGoldens } from './goldens.ts';

describeGoldens('createRandom', (goldens) => {
  test('reproduces the generator bit by bit', () => {
    const { seed, first } = goldens().generator;
    const random = createRandom(seed);
    expect(first.map(() => random.next())).toEqual(first);
  });
});

test('integers in a row are those that single draws give, and the stream goes on behind them', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 2 ** 32 }),
      fc.integer({ min: 0, max: 50 }),
      (seed, n, count) => {
        const [single, together] = [createRandom(seed), createRandom(seed)];
        const filled = new Uint32Array(count);
        together.integers(n, filled);
        expect([...filled]).toEqual(Array.from({ length: count }, () => single.integer(n)));
        expect(together.next()).toBe(single.next());
      },
    ),
  );
  expect(() => createRandom(1).integers(0, new Uint32Array(1))).toThrow(RangeError);
});

const seeds = fc.oneof(fc.integer(), fc.string());

function draws(random: { next(): number }, count = 5): number[] {
  return Array.from({ length: count }, () => random.next());
}

describe('createRandom', () => {
  test('gives the same stream for the same seed and another for another', () => {
    expect(draws(createRandom('a'))).toEqual(draws(createRandom('a')));
    expect(draws(createRandom('a'))).not.toEqual(draws(createRandom('b')));
    expect(draws(createRandom(1))).not.toEqual(draws(createRandom(2)));
    expect(draws(createRandom(2 ** 32 + 1))).not.toEqual(draws(createRandom(1)));
    expect(draws(createRandom(0.5))).not.toEqual(draws(createRandom(0)));
  });

  test('hashes text seeds by FNV-1a over UTF-8', () => {
    // Published FNV-1a vectors: "foobar" hashes to bf9cf968.
    expect(draws(createRandom('foobar'))).toEqual(draws(createRandom(0xbf9cf968)));
    expect(draws(createRandom(''))).toEqual(draws(createRandom(0x811c9dc5)));
    expect(draws(createRandom('ä'))).not.toEqual(draws(createRandom('\u00e4'.normalize('NFD'))));
  });

  test('draws uniformly: mean 1/2, variance 1/12, no correlation with the next draw', () => {
    const values = draws(createRandom('uniform'), 50_000);
    const centred = values.map((value) => value - 0.5);
    const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    expect(mean(centred)).toBeCloseTo(0, 2);
    expect(mean(centred.map((value) => value ** 2))).toBeCloseTo(1 / 12, 2);
    expect(mean(centred.slice(1).map((value, index) => value * centred[index]!))).toBeCloseTo(0, 2);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  });
});

describe('integer', () => {
  test('gives each integer below n about equally often', () => {
    const random = createRandom(3);
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let draw = 0; draw < 70_000; draw++) counts[random.integer(7)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test('reaches the whole range of 32 bits', () => {
    const random = createRandom(4);
    const words = Array.from({ length: 200 }, () => random.integer(2 ** 32));
    expect(words.every((word) => word === word >>> 0)).toBe(true);
    expect(words.reduce((all, word) => (all | word) >>> 0, 0)).toBe(2 ** 32 - 1);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 32 + 1])('refuses %s', (n) => {
    expect(() => createRandom(1).integer(n)).toThrow(RangeError);
  });
});

describe('shuffle, sample and pick', () => {
  test('a shuffle is a permutation, of a copy', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.integer()), (seed, items) => {
        const before = [...items];
        const shuffled = createRandom(seed).shuffle(items);
        expect(items).toEqual(before);
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b));
      }),
    );
  });

  test('all orders of a shuffle are equally likely', () => {
    const random = createRandom('orders');
    const counts = new Map<string, number>();
    for (let repetition = 0; repetition < 24_000; repetition++) {
      const order = random.shuffle(['a', 'b', 'c', 'd']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });

  test('a sample has the size asked for, at most all items, and takes none twice', () => {
    fc.assert(
      fc.property(seeds, fc.uniqueArray(fc.integer()), fc.nat(20), (seed, items, count) => {
        const sample = createRandom(seed).sample(items, count);
        expect(sample).toHaveLength(Math.min(count, items.length));
        expect(new Set(sample).size).toBe(sample.length);
        expect(sample.every((item) => items.includes(item))).toBe(true);
      }),
    );
  });

  test('picks every item, and refuses to pick from none', () => {
    const random = createRandom(5);
    const picked = new Set(Array.from({ length: 100 }, () => random.pick(['x', 'y', undefined])));
    expect(picked).toEqual(new Set(['x', 'y', undefined]));
    expect(() => random.pick([])).toThrow(RangeError);
  });
});

describe('fork', () => {
  test('does not depend on what was drawn before', () => {
    const fresh = createRandom(6);
    const used = createRandom(6);
    draws(used, 100);
    expect(draws(used.fork('x'))).toEqual(draws(fresh.fork('x')));
  });

  test('takes nothing from the stream it comes from', () => {
    const plain = createRandom(6);
    const forked = createRandom(6);
    draws(forked.fork('x'));
    expect(draws(forked)).toEqual(draws(plain));
  });

  test('differs by label, by seed and by depth', () => {
    const streams = [
      createRandom(6),
      createRandom(6).fork('x'),
      createRandom(6).fork('y'),
      createRandom(7).fork('x'),
      createRandom(6).fork('x').fork('x'),
      createRandom(6).fork('x').fork('y'),
      createRandom(6).fork('y').fork('x'),
    ].map((random) => draws(random).join());
    expect(new Set(streams).size).toBe(streams.length);
  });
});
