import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNearCopies, jaccard, piecesOf } from '../../src/datasets/near-copies.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';

const row = (id: string, q: string, more: Record<string, unknown> = {}) => ({ id, input: { q, ...more } });

const nouns =
  'lamp river window garden engine bottle ticket forest ladder mirror planet saddle tunnel valley wagon zipper anchor button candle desert'.split(
    ' ',
  );
const verbs = 'opens closes moves paints sells cleans breaks hides lifts turns'.split(' ');

function sentence(random: Random): string {
  const [a, b, c, d] = random.sample(nouns, 4);
  return `Who ${random.pick(verbs)} the ${a} and ${random.pick(verbs)} the ${b} beside the ${c} of our ${d}?`;
}

/** The same question as somebody else would type it. */
function retyped(text: string, random: Random): string {
  const at = 4 + random.integer(text.length - 8);
  return random.pick([
    () => text.toUpperCase(),
    () => `${text.slice(0, -1)} please`,
    () => text.slice(0, at) + text.slice(at + 1),
    () => `${text.slice(0, at)}${text[at]}${text.slice(at)}`,
    () => text.replace('Who', 'So, who'),
    () => text.replaceAll(' ', '  ').replace('?', ' ???'),
  ])();
}

describe('a near copy', () => {
  it('is found among many rows, and nothing else is', () => {
    const random = createRandom('near copies');
    const rows = Array.from({ length: 400 }, (_, index) => row(`row ${index}`, sentence(random)));
    const copies = createNearCopies({ fields: ['q'], threshold: 0.8, like: rows });
    for (const each of rows) copies.add(each);
    const found = rows.filter(
      ({ id, input }) => copies.find({ input: { q: retyped(input.q, random) } }) === id,
    );
    const strangers = Array.from({ length: 400 }, () => sentence(random));
    const mistaken = strangers.filter((q) => copies.find({ input: { q } }) !== null);
    console.info(
      `near copies: ${found.length} of 400 found, ${mistaken.length} of 400 other questions taken for one`,
    );
    expect(found.length).toBeGreaterThanOrEqual(380);
    expect(mistaken.length).toBeLessThanOrEqual(4);
  });

  it('is every row that shares enough pieces: no pair is missed', () => {
    const text = fc
      .array(fc.constantFrom('ab', 'bc', 'ca', 'd '), { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 12 }),
        text,
        fc.constantFrom(0.5, 0.8, 1),
        (known, asked, threshold) => {
          const copies = createNearCopies({ fields: ['q'], threshold, like: [row('rare', known[0] ?? '')] });
          for (const [index, q] of known.entries()) copies.add(row(String(index), q));
          const likest = Math.max(0, ...known.map((q) => jaccard(piecesOf(q), piecesOf(asked))));
          expect(copies.find({ input: { q: asked } }) !== null).toBe(likest >= threshold);
        },
      ),
    );
  });

  it('is one in every field: another question about the same text is another row', () => {
    const text = 'The ferry leaves the harbour at noon and comes back in the evening, except on Sundays.';
    const copies = createNearCopies({ fields: ['q', 'text'], threshold: 0.8, like: [] });
    copies.add(row('first', 'When does it leave?', { text }));
    expect(copies.find({ input: { q: 'when does it leave', text } })).toBe('first');
    expect(copies.find({ input: { q: 'Who steers it?', text } })).toBeNull();
    expect(copies.find({ input: { q: 'When does it leave?', text: 'Another text.' } })).toBeNull();
  });
});
