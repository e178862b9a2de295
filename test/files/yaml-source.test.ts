import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locate, locateKey, parseYaml, yamlValue } from '../../src/files/yaml-source.ts';
import { refusal } from './scratch.ts';

const read = (text: string) => refusal(() => yamlValue(parseYaml('a.yaml', text)));

describe('a YAML file that cannot be read', () => {
  it.each([
    [
      'a tab',
      'a:\n  b: 1\n\tc: 2\n',
      'a.yaml:3:1: a tab as indentation. Indent with spaces: YAML does not allow tabs.',
    ],
    ['a duplicate key', 'a: 1\nbee: 2\nbee: 3\n', 'a.yaml:3:1: duplicate key bee. Keep one of the two.'],
    [
      'a nested duplicate key',
      'a:\n  - { x: 1, x: 2 }\n',
      'a.yaml:2:13: duplicate key x. Keep one of the two.',
    ],
    [
      'two documents',
      'a: 1\n---\nb: 2\n',
      'a.yaml:2:1: a second document begins here. Keep one document in the file.',
    ],
    [
      'an alias of nothing',
      'a: 1\nb: *c\n',
      'a.yaml:2:4: the alias *c has no anchor &c before it. A text that starts with * wants quotes.',
    ],
    [
      'an alias in itself',
      'a: &a [1, *a]\n',
      'a.yaml:1:11: the alias *a stands inside what it names. Write the value out.',
    ],
  ])('for %s says where and how to mend it', (_, text, message) => {
    expect(read(text)).toEqual([message]);
  });

  it.each([
    ['a bad indent', 'a:\n    b: 1\n  c: 2\n', 3],
    ['an open quote', 'a: "x\nb: 1\n', 3],
    ['an open bracket', 'a: [1, 2\nb: 1\n', 2],
    ['a colon in a plain text', 'a: x: y\n', 1],
  ])('for %s gives the line and the common cause', (_, text, line) => {
    expect(read(text)).toEqual([
      expect.stringMatching(new RegExp(`^a\\.yaml:${line}:\\d+: .+ Mend the YAML there;`)),
    ]);
  });

  it('refuses aliases that expand without end, at once', () => {
    const levels = Array.from({ length: 30 }, (_, n) => `l${n + 1}: &l${n + 1} [*l${n}, *l${n}, *l${n}]`);
    expect(read(['l0: &l0 [x]', ...levels].join('\n'))).toEqual([
      'a.yaml:1:1: aliases are used too often: at most 100 times in a file. Write the values out.',
    ]);
  });

  it('leaves honest aliases alone', () => {
    expect(yamlValue(parseYaml('a.yaml', 'a: &a [1]\nb: *a\nc: &a 2\nd: *a\n'))).toEqual({
      a: [1],
      b: [1],
      c: 2,
      d: 2,
    });
  });
});

describe('the way back from a value to its place', () => {
  const source = parseYaml('a.yaml', '# top\na:\n  - b: 1\n    "c d":   [x, y]\n');

  it('gives the place of a value', () => {
    expect(locate(source, ['a', 0, 'c d', 1])).toEqual({ file: 'a.yaml', line: 4, column: 18 });
  });

  it('gives the nearest parent of a value that is missing', () => {
    expect(locate(source, ['a', 0, 'e', 'f'])).toEqual({ file: 'a.yaml', line: 3, column: 5 });
  });

  it('gives the place of a key, not of its value', () => {
    expect(locateKey(source, ['a', 0], 'c d')).toEqual({ file: 'a.yaml', line: 4, column: 5 });
    expect(locateKey(source, [], 'a')).toEqual({ file: 'a.yaml', line: 2, column: 1 });
  });

  it('counts the same in files from Windows', () => {
    const windows = parseYaml('a.yaml', '# top\r\na:\r\n  - b: 1\r\n');
    expect(locateKey(windows, ['a', 0], 'b')).toEqual({ file: 'a.yaml', line: 3, column: 5 });
  });

  it('never fails on any text but with a place in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:-#&*[]{}"\'|>\n\t ,!%@`') }), (text) => {
        for (const line of read(text)) {
          const [, at = '0', column = '0'] = /^a\.yaml:(\d+):(\d+): /.exec(line) ?? [];
          expect(Number(at)).toBeGreaterThanOrEqual(1);
          expect(Number(at)).toBeLessThanOrEqual(text.split('\n').length);
          expect(Number(column)).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });
});
