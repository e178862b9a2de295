import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendRows, parseRows } from '../../src/datasets/append-rows.ts';
import { refusal } from '../files/scratch.ts';

const added = { id: 'new', input: { q: 'Is it\n  # open: now?' }, tags: ['harvested'], cluster: 'new' };

const texts = {
  'bare.yaml':
    '# Ours\n- { id: a, input: { q: "x" }, expected: y }\n-   id: b\n    input: {q: z}\n    expected: {text: w}\n',
  'field.yaml': 'version: 1.0.0\nexamples:\n  # first\n  - id: a\n    input: { q: x }\n    expected: y',
  'unindented.yaml': 'examples:\n- id: a\n  input: { q: x }\n  expected: y\n',
  'lines.jsonl': '{"id":"a","input":{"q":"x"},"expected":"y"}\n',
  'empty.yaml': '',
};

describe('rows in JSON Lines', () => {
  const whole = '{"id":"a","input":{"q":"x"}}\n';

  it('may stand after a byte order mark and have line breaks of Windows', () => {
    const text = `\ufeff${whole}`.replaceAll('\n', '\r\n');
    expect(parseRows(text, 'train.jsonl')).toEqual(parseRows(whole, 'train.jsonl'));
  });

  it.each([
    ['a line that is cut', `${whole}{"id":"b","input":{"q":"x"`, 'train.jsonl:2:27: not JSON'],
    ['words after a row', `${whole}{"id":"b","input":{}} and more`, 'train.jsonl:2:23: not JSON'],
    ['words without quotes', `${whole}{"id":"b","input":{"q":no}}`, 'train.jsonl:2:25: not JSON'],
    ['a row without an input', `${whole}\n{"id":"b"}`, 'train.jsonl:3:1: "input" is missing'],
  ])('are refused for %s, with the place', (_, text, message) => {
    expect(refusal(() => parseRows(text, 'train.jsonl'))[0]).toContain(message);
  });
});

describe('rows at the end of a dataset', () => {
  it.each(Object.entries(texts))('leave what %s holds to the byte', (file, text) => {
    const appended = appendRows(text, file, [added]);
    expect(appended.startsWith(text)).toBe(true);
    expect(parseRows(appended, file)).toEqual([...parseRows(text, file), added]);
  });

  it('come back as they were, whatever they hold', () => {
    const row = fc.record({
      id: fc.string({ minLength: 1 }),
      input: fc.dictionary(
        fc.stringMatching(/^[a-z]{1,8}$/),
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
          fc.boolean(),
        ),
      ),
      tags: fc.array(fc.string()),
      cluster: fc.string(),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...Object.entries(texts)),
        (rows, [file, text]) => {
          const back = parseRows(appendRows(text, file, rows), file).slice(parseRows(text, file).length);
          expect(JSON.stringify(back)).toBe(JSON.stringify(rows));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('come back as they were where their text breaks lines otherwise than YAML', () => {
    const row = { ...added, input: { q: 'one\u2028two\u2029three\rfour' } };
    for (const [file, text] of Object.entries(texts))
      expect(parseRows(appendRows(text, file, [row]), file).at(-1)).toEqual(row);
  });

  it.each([
    ['in brackets', 'examples: [{ id: a, input: {}, expected: y }]\n'],
    ['before another field', 'examples:\n  - { id: a, input: {}, expected: y }\nversion: 1.0.0\n'],
  ])('are refused %s', (_, text) => {
    expect(() => appendRows(text, 'train.yaml', [added])).toThrow(
      'rows cannot be added at the end of the file',
    );
  });
});
