import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDigits } from '../../src/language/digits.ts';

describe('numbers written in one way', () => {
  it.each([
    ['Twelve of twenty-one or Ninety nine', '12 of 21 or 99'],
    ['sixteen, six and sixty', '16, 6 and 60'],
    ['1,234 and 12,345,678.', '1234 and 12345678.'],
    ['in 1,234, or 1,2345', 'in 1234, or 1,2345'],
  ])('%s: %s', (text, written) => {
    expect(withDigits(text)).toBe(written);
  });

  it('leaves a pronoun, a part of a word and a decimal alone', () => {
    const text = 'the one often seventeenth, weightless attention 3.125,5';
    expect(withDigits(text)).toBe(text);
  });

  it('takes grouped digits for the number they write', () => {
    fc.assert(
      fc.property(fc.nat(), (number) => {
        expect(withDigits(`${number.toLocaleString('en-US')} of`)).toBe(`${number} of`);
      }),
    );
  });
});
