import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPieceIndex } from '../../src/redaction/piece-index.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '😀'), maxLength: 20 });
const piece = fc.string({ unit: fc.constantFrom('a', 'b', '-', '😀'), minLength: 1, maxLength: 5 });

it('finds what stands at each place, and the first value of a piece', () => {
  fc.assert(
    fc.property(text, fc.array(piece), (searched, pieces) => {
      const index = createPieceIndex<number>();
      for (const [place, each] of pieces.entries()) index.add(each, place);
      for (let start = 0; start < searched.length; start += 1)
        expect(index.at(searched, start)).toEqual(
          [...new Set(pieces)]
            .filter((each) => searched.startsWith(each, start))
            .toSorted((a, b) => a.length - b.length)
            .map((each) => ({ end: start + each.length, value: pieces.indexOf(each) })),
        );
    }),
  );
});
