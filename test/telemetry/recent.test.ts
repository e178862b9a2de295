import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecent } from '../../src/telemetry/join/recent.ts';

/** Keys of which many begin to be looked for in one place. */
const key = fc.oneof(fc.constantFrom(1, 1 + 2 ** 32, 1 + 2 ** 33, 2), fc.nat(2 ** 52));
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key, at: fc.nat(9) }),
  fc.record({ do: fc.constant('delete' as const), key, at: fc.constant(0) }),
  fc.record({ do: fc.constant('forget' as const), key: fc.constant(0), at: fc.nat(2) }),
);
/** Far more steps than there is room for entries at first. */
const steps = fc.array(step, { minLength: 1, maxLength: 40 }).map((some) =>
  Array.from({ length: 5000 }, (_, index) => {
    const { key, ...each } = some[index % some.length] ?? { do: 'set' as const, key: 0, at: 0 };
    return { ...each, key: key + Math.floor(index / some.length), value: index };
  }),
);

describe('a map that forgets', () => {
  it.each([4, 3000])('keeps what a plain map would, at most %i entries', (most) => {
    fc.assert(
      fc.property(steps, (all) => {
        const [gone, expectedGone]: [number[], number[]] = [[], []];
        const recent = createRecent<number>((value) => gone.push(value), most);
        const plain = new Map<number, { value: number; readonly at: number }>();
        const forgetOldest = () => {
          const [key, entry] = plain.entries().next().value ?? [];
          if (key !== undefined) plain.delete(key);
          expectedGone.push(entry?.value ?? -1);
        };
        for (const { do: what, key, at, value } of all) {
          if (what === 'set') {
            recent.set(key, value, at);
            plain.set(key, { value, at: plain.get(key)?.at ?? at });
            if (plain.size > most) forgetOldest();
          } else if (what === 'delete') {
            recent.delete(key);
            plain.delete(key);
          } else {
            recent.forgetBefore(at, (value) => gone.push(value));
            while ((plain.values().next().value?.at ?? at) < at) forgetOldest();
          }
        }
        expect(gone).toEqual(expectedGone);
        expect(all.map(({ key }) => recent.get(key))).toEqual(all.map(({ key }) => plain.get(key)?.value));
        expect(all.filter(({ key }) => recent.has(key) !== plain.has(key))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
