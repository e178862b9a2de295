import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { yamlText } from '../../src/files/yaml-text.ts';

describe('YAML that promptline writes', () => {
  it('reads back as what it was made from, whatever the texts hold', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }).filter((value) => !/\p{Cs}/u.test(value)),
      fc.string({ unit: fc.constantFrom('a', ' ', '\t', '\n', '\r', '\u2028', '\u00a0', '#', ':', '-') }),
    );
    fc.assert(
      fc.property(fc.dictionary(text, fc.array(text)), text, (texts, last) => {
        const value = [{ texts: { ...texts } }, last];
        expect(parse(yamlText(value))).toEqual(value);
      }),
      {
        numRuns: 500,
        examples: [
          [{}, ' \n'],
          [{ ' \n': [' \n \n'] }, '\t\n'],
        ],
      },
    );
  });

  it('keeps a long line whole and writes equal parts out', () => {
    const part = { line: 'word '.repeat(50) };
    expect(yamlText([part, part])).toBe(`- line: "${part.line}"\n`.repeat(2));
  });
});
