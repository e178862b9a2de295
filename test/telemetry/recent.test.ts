import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecent } from '../../src/telemetry/join/recent.ts';

const most = 4;

describe('a map that forgets', () => {
  it('keeps what a plain list of entries would', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const step = fc.oneof(
      fc.record({ do: fc.constant('set' as const), key, at: fc.nat(9) }),
      fc.record({ do: fc.constant('delete' as const), key }),
      fc.record({ do: fc.constant('forget' as const), at: fc.nat(9) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const [gone, expectedGone]: [number[], number[]] = [[], []];
        const recent = createRecent<number>((value) => gone.push(value), most);
        let list: { readonly key: string; value: number; readonly at: number }[] = [];
        for (const [index, step] of steps.entries()) {
          if (step.do === 'set') {
            recent.set(step.key, index, step.at);
            const known = list.find((entry) => entry.key === step.key);
            if (known) known.value = index;
            else list.push({ key: step.key, value: index, at: step.at });
            if (list.length > most) expectedGone.push(list.shift()?.value ?? -1);
          } else if (step.do === 'delete') {
            recent.delete(step.key);
            list = list.filter((entry) => entry.key !== step.key);
          } else {
            recent.forgetBefore(step.at, (value) => gone.push(value));
            const kept = list.findIndex((entry) => entry.at >= step.at);
            const old = list.splice(0, kept < 0 ? list.length : kept);
            expectedGone.push(...old.map(({ value }) => value));
          }
        }
        expect(gone).toEqual(expectedGone);
        for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
          expect(recent.get(name)).toBe(list.find((entry) => entry.key === name)?.value);
      }),
    );
  });
});
