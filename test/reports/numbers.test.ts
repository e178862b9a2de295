import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countOf,
  describeP,
  formatDifference,
  formatDifferenceInterval,
  formatDollars,
  formatDuration,
  formatInterval,
  formatP,
  formatValue,
} from '../../src/reports/numbers.ts';

describe('values', () => {
  it.each([
    [0.714, 'ratio', '71.4 %'],
    [1, 'ratio', '100.0 %'],
    [840.4, 'ms', '840 ms'],
    [3.25, 'ms', '3.3 ms'],
    [0, 'ms', '0 ms'],
    [999.6, 'ms', '1.00 s'],
    [12_345, 'ms', '12.3 s'],
    [1_204, 'tokens', '1,204'],
    [12.34, 'tokens', '12.3'],
    [0.00041, 'usd', '$0.00041'],
    [null, 'ratio', '–'],
  ] as const)('%s %s reads %s', (value, unit, text) => expect(formatValue(value, unit)).toBe(text));

  it('gives an interval its unit once when both ends share it', () => {
    expect(formatInterval([0.619, 0.79], 'ratio')).toBe('61.9 to 79.0 %');
    expect(formatInterval([812, 1_020], 'ms')).toBe('812 ms to 1.02 s');
    expect(formatInterval(null, 'ratio')).toBe('–');
  });
});

describe('differences', () => {
  it.each([
    [0.381, 'ratio', '+38.1 points'],
    [-0.02, 'ratio', '−2.0 points'],
    [-0.0001, 'ratio', '0.0 points'],
    [0, 'ratio', '0.0 points'],
    [-120, 'ms', '−120 ms'],
    [0.002, 'usd', '+$0.0020'],
    [null, 'ratio', '–'],
  ] as const)('%s %s reads %s', (difference, unit, text) =>
    expect(formatDifference(difference, unit)).toBe(text),
  );

  it('signs both ends of an interval', () => {
    expect(formatDifferenceInterval([0.276, 0.486], 'ratio')).toBe('+27.6 to +48.6');
    expect(formatDifferenceInterval([-5, 30], 'ms')).toBe('−5.0 ms to +30 ms');
  });

  it('has the sign of the number, or none when it rounds to nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (difference) => {
        const text = formatDifference(difference, 'ratio');
        const value = Number(text.replace('−', '-').replace(' points', ''));
        expect(value).toBeCloseTo(100 * difference, 0);
        expect(/^[+−]/.test(text)).toBe(value !== 0);
      }),
    );
  });
});

describe('p-values', () => {
  it.each([
    [0.0000004, '< .001', 'p < .001'],
    [0.0342, '.034', 'p = .034'],
    [0.9999, '> .999', 'p > .999'],
  ])('%s reads %s', (p, cell, sentence) => {
    expect(formatP(p)).toBe(cell);
    expect(describeP(p)).toBe(sentence);
  });
});

describe('money and time', () => {
  it.each([
    [12.4, '$12.40'],
    [0, '$0.00'],
    [0.0246, '$0.0246'],
    [0.00000137, '$0.0000014'],
    [null, 'unknown'],
  ])('%s dollars read %s', (usd, text) => expect(formatDollars(usd)).toBe(text));

  it.each([
    [840, '840 ms'],
    [12_400, '12.4 s'],
    [203_400, '3 min 23 s'],
    [59_990, '1 min 0 s'],
    [7_500_000, '2 h 5 min'],
  ])('%s ms read %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

  it('counts in the singular and the plural', () => {
    expect([1, 0, 12_480].map((count) => countOf(count, 'call'))).toEqual([
      '1 call',
      '0 calls',
      '12,480 calls',
    ]);
  });
});
