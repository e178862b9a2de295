import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passagesOf } from '../../src/redaction/passages.ts';

describe('passages of a text', () => {
  it('are all of it in their order, each of a bounded length', () => {
    const words = fc.array(fc.constantFrom('word ', 'end. ', 'line\n', 'x'.repeat(700), '漢'.repeat(90)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(words, (parts) => {
        const text = parts.join('');
        const passages = [...passagesOf(text)];
        expect(passages.map((passage) => passage.text).join('')).toBe(text);
        for (const { start, text: part } of passages) {
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThanOrEqual(2_000);
          expect(text.startsWith(part, start)).toBe(true);
        }
      }),
    );
  });

  it.each([
    ['sentences', `${'a word. '.repeat(240)}and more`.padEnd(2_100, ' x'), 'a word. '],
    ['words, where no sentence ends', 'word '.repeat(500), 'word '],
  ])('end between %s', (_, text, ending) => {
    const [first] = passagesOf(text);
    expect(first?.text.endsWith(ending)).toBe(true);
  });
});
