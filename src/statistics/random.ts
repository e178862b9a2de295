/** A stream of pseudo-random numbers: the same seed gives the same stream on every machine. */
export type Random = {
  /** Uniform in [0, 1), with 32 random bits. */
  next(): number;
  /** Uniform integer in [0, n), for a whole n from 1 to 2^32. Throws RangeError for any other n. */
  integer(n: number): number;
  /** Fills `target` with uniform integers in [0, n), those that as many calls of `integer` would give, several times as fast. */
  integers(n: number, target: Uint32Array): void;
  /** One of the items. Throws RangeError when there are none. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** `count` of the items in random order, none twice; all of them when there are no more than `count`. */
  sample<T>(items: readonly T[], count: number): T[];
  /**
   * A stream of its own that depends on this one's seed and the label, not on what was drawn before: one more
   * draw in one place then shifts nothing in another.
   */
  fork(label: string): Random;
};

const TWO_TO_32 = 2 ** 32;

/**
 * The generator sfc32 (C. Doty-Humphrey, PractRand), its four words of state filled by splitmix32 and its first
 * 15 draws discarded so that near seeds have unlike streams.
 *
 * @param seed whole numbers from 0 to 2^32 - 1 are used as they are; any other seed is written as text and
 * hashed to 32 bits by FNV-1a over its UTF-8 bytes.
 */
export function createRandom(seed: number | string): Random {
  const seedWord = typeof seed === 'number' && seed >>> 0 === seed ? seed : fnv1a(String(seed));
  const { nextWord, fill } = sfc32(seedWord);

  const next = () => nextWord() / TWO_TO_32;

  const integer = (n: number) => {
    requireBound(n);
    return Math.floor(next() * n);
  };

  const integers = (n: number, target: Uint32Array) => {
    requireBound(n);
    fill(target);
    for (let index = 0; index < target.length; index++)
      target[index] = Math.floor(((target[index] ?? 0) / TWO_TO_32) * n);
  };

  const sample = <T>(items: readonly T[], count: number): T[] => {
    const remaining = [...items];
    const drawn: T[] = [];
    while (drawn.length < count && remaining.length > 0)
      drawn.push(takeAt(remaining, integer(remaining.length)));
    return drawn;
  };

  return {
    next,
    integer,
    integers,
    sample,
    shuffle: (items) => sample(items, items.length),
    pick: <T>(items: readonly T[]) => itemAt(items, integer(items.length)),
    fork: (label) => createRandom(`${seedWord}:${label}`),
  };
}

function requireBound(n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > TWO_TO_32)
    throw new RangeError(`No integer can be drawn below ${n}.`);
}

/** Removes and returns one item; the last one moves into its place, so the cost does not grow with the length. */
function takeAt<T>(items: T[], index: number): T {
  const taken = itemAt(items, index);
  items[index] = itemAt(items, items.length - 1);
  items.length -= 1;
  return taken;
}

/** The item at an index known to be inside; items may themselves be undefined. */
function itemAt<T>(items: readonly T[], index: number): T {
  return items[index] as T;
}

function sfc32(seed: number): { nextWord(): number; fill(target: Uint32Array): void } {
  const discardedDraws = 15;
  const nextSeedWord = splitmix32(seed);
  let a = nextSeedWord();
  let b = nextSeedWord();
  let c = nextSeedWord();
  let counter = nextSeedWord();

  const nextWord = () => {
    const word = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    return word >>> 0;
  };
  /** The same words as from `nextWord`, with the state in local variables. */
  const fill = (target: Uint32Array) => {
    let [x, y, z, count] = [a, b, c, counter];
    for (let index = 0; index < target.length; index++) {
      const word = (x + y + count) | 0;
      count = (count + 1) | 0;
      x = y ^ (y >>> 9);
      y = (z + (z << 3)) | 0;
      z = (((z << 21) | (z >>> 11)) + word) | 0;
      target[index] = word;
    }
    [a, b, c, counter] = [x, y, z, count];
  };
  for (let draw = 0; draw < discardedDraws; draw++) nextWord();
  return { nextWord, fill };
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) | 0;
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
